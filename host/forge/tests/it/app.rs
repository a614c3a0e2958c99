//! Tokens of GitHub Apps against a server that checks their signatures.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use fleet_core::secret::Secret;
use fleet_forge::{App, Apps, Error, Permission};
use fleet_test_forge::{Answer, AppKey, Forge};

use crate::support::client;

const HOUR: Duration = Duration::from_secs(3600);

struct World {
    forge: Forge,
    key: AppKey,
    apps: Apps,
    client: reqwest::Client,
    now: u64,
}

impl World {
    fn new() -> Self {
        let forge = Forge::start(true, &[]).unwrap();
        let key = AppKey::generate().unwrap();
        forge.set_app(&key, "12", "34", "ghs_", HOUR);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        Self {
            client: client(&forge),
            forge,
            key,
            apps: Apps::default(),
            now: now.as_secs(),
        }
    }

    fn app(&self, id: &str, installation: &str, pem: String) -> App {
        let base = format!("{}/api/v3", self.forge.url());
        App::new(id, installation, &Secret::new(pem), Some(&base)).unwrap()
    }

    /// Asks for a token some seconds later, by all clocks.
    async fn token(&self, app: &App, repository: &str, later: u64) -> Result<String, Error> {
        self.forge.set_ahead(Duration::from_secs(later));
        self.token_by_own_clock(app, repository, later).await
    }

    /// The same by this machine's clock alone.
    async fn token_by_own_clock(
        &self,
        app: &App,
        repository: &str,
        later: u64,
    ) -> Result<String, Error> {
        let at = ("127.0.0.1", repository);
        let permission = Permission::ReadContents;
        let now = self.now + later;
        let token = self
            .apps
            .token(&self.client, app, at, permission, now)
            .await;
        token.map(|token| token.reveal().clone())
    }
}

#[tokio::test]
async fn an_app_gets_a_token_for_one_repository_and_keeps_it_until_shortly_before_its_end() {
    let world = World::new();
    for pem in [world.key.pkcs1_pem(), world.key.pkcs8_pem()] {
        let app = world.app("12", "34", format!("\n{pem}"));
        let first = world.token(&app, "app", 0).await.unwrap();
        assert_eq!(world.token(&app, "app", 3200).await.unwrap(), first);
        assert_ne!(world.token(&app, "other", 0).await.unwrap(), first);
        // Within five minutes of its end.
        assert_ne!(world.token(&app, "app", 3400).await.unwrap(), first);
    }
    let exchanges = world.forge.exchanges();
    let of: Vec<_> = exchanges
        .iter()
        .map(|given| &given.repositories[0])
        .collect();
    assert_eq!(of, ["app", "other", "app", "app", "other", "app"]);
    for given in exchanges {
        assert_eq!(given.permissions, r#"{"contents":"read"}"#);
        assert!(given.backdated >= 60 && given.life <= 600, "{given:?}");
    }
}

/// Without this a restart with a thousand GitRepos would be a thousand signatures at once.
#[tokio::test]
async fn all_that_ask_at_once_share_one_exchange() {
    let world = World::new();
    world
        .forge
        .set_exchange_answer(Answer::Slow(Duration::from_millis(100)));
    let app = world.app("12", "34", world.key.pkcs1_pem());
    let (a, b, c) = tokio::join!(
        world.token(&app, "app", 0),
        world.token(&app, "app", 0),
        world.token(&app, "app", 0)
    );
    assert_eq!((a.clone(), a), (b, c));
    assert_eq!(world.forge.exchanges().len(), 1);
}

#[tokio::test]
async fn a_token_for_marks_is_another_one() {
    let world = World::new();
    let app = world.app("12", "34", world.key.pkcs1_pem());
    let first = world.token(&app, "app", 0).await.unwrap();
    let at = ("127.0.0.1", "app");
    let permission = Permission::WriteStatuses;
    let token = world
        .apps
        .token(&world.client, &app, at, permission, world.now);
    assert_ne!(token.await.unwrap().reveal(), &first);
    assert_eq!(
        world.forge.exchanges()[1].permissions,
        r#"{"statuses":"write"}"#
    );
}

#[tokio::test]
async fn a_refused_token_is_replaced_unless_it_is_new() {
    let world = World::new();
    let app = world.app("12", "34", world.key.pkcs1_pem());
    let refused = |later: u64| {
        let now = world.now + later;
        world
            .apps
            .refused(&app, "app", Permission::ReadContents, now)
    };
    let first = world.token(&app, "app", 0).await.unwrap();
    assert!(!refused(30), "a new one would fare no better");
    assert_eq!(world.token(&app, "app", 30).await.unwrap(), first);
    assert!(refused(90));
    assert_ne!(world.token(&app, "app", 90).await.unwrap(), first);
    assert!(!refused(100));
}

#[tokio::test]
async fn what_is_wrong_with_an_app_is_said() {
    let world = World::new();
    let check = async |app: &App, later: u64, expected: &str| {
        let error = world
            .token(app, "app", later)
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains(expected), "{error}");
    };
    let pem = world.key.pkcs1_pem();
    let stranger = AppKey::generate().unwrap().pkcs1_pem();
    check(
        &world.app("12", "34", stranger),
        0,
        "do not belong together",
    )
    .await;
    check(&world.app("99", "34", pem.clone()), 0, "`github_app_id` 99").await;
    check(&world.app("12", "99", pem.clone()), 0, "no installation 99").await;
    let app = world.app("12", "34", pem);
    world.forge.set_ahead(Duration::ZERO);
    let other = world.app("12", "34", world.key.pkcs8_pem());
    let ahead = world.token_by_own_clock(&other, "app", 7200).await;
    let ahead = ahead.unwrap_err().to_string();
    assert!(ahead.contains("s ahead of the server's"), "{ahead}");
    world
        .forge
        .set_exchange_answer(Answer::refuse(422, "not granted"));
    check(&app, 0, "lacks the permission `contents: read`").await;
    world
        .forge
        .set_exchange_answer(Answer::refuse(403, "suspended"));
    check(&app, 20, "may not be used; suspended").await;
    let waits = Answer::refuse(429, "slow down").with("retry-after", "100");
    world.forge.set_exchange_answer(waits);
    check(&app, 40, "asked to wait").await;
    // It is not asked again before its time.
    world.forge.set_exchange_answer(Answer::Take);
    let before = world.forge.n_requests();
    check(&app, 130, "asked to wait").await;
    assert_eq!(world.forge.n_requests(), before);
    world
        .forge
        .set_exchange_answer(Answer::Status(201, Vec::new(), "{}".to_owned()));
    check(&app, 141, "not a token with an end").await;
    world.forge.set_exchange_answer(Answer::Take);
    world.token(&app, "app", 160).await.unwrap();
}

/// Without this whoever names a repository on a server of theirs would be sent the app's signature.
#[test]
fn an_app_is_for_its_own_server_only() {
    let key = AppKey::generate().unwrap();
    let check = |base: Option<&str>, host: &str, expected: Option<&str>| {
        let app = App::new("12", "34", &Secret::new(key.pkcs8_pem()), base).unwrap();
        let api = app.api(host).ok().map(|api| api.to_string());
        assert_eq!(api.as_deref(), expected, "{base:?} {host}");
    };
    check(None, "github.com", Some("https://api.github.com/"));
    check(None, "acme.ghe.com", Some("https://api.acme.ghe.com/"));
    check(None, "git.example.org", None);
    let own = Some("https://git.example.org");
    check(
        own,
        "git.example.org",
        Some("https://git.example.org/api/v3/"),
    );
    check(own, "github.com", None);
    check(
        Some("https://api.github.com"),
        "github.com",
        Some("https://api.github.com/"),
    );
    check(Some("https://api.github.com"), "git.example.org", None);
}

#[test]
fn nothing_of_an_apps_secret_is_shown_and_nonsense_is_refused() {
    let key = AppKey::generate().unwrap();
    let pem = Secret::new(key.pkcs1_pem());
    let app = App::new("12", "34", &pem, None).unwrap();
    let shown = format!("{app:?}");
    let inside = pem.reveal().lines().nth(1).unwrap();
    assert!(!shown.contains(inside) && shown.contains("12"), "{shown}");
    let same = App::new("12\n", " 34 ", &pem, None).unwrap();
    assert_eq!(app.fingerprint(), same.fingerprint());
    let other = App::new("12", "35", &pem, None).unwrap();
    assert_ne!(app.fingerprint(), other.fingerprint());
    for (id, installation, pem, expected) in [
        ("", "34", pem.reveal().as_str(), "`github_app_id`"),
        ("12/../x", "34", pem.reveal(), "`github_app_id`"),
        ("12", "thirty", pem.reveal(), "`github_app_installation_id`"),
        ("12", "34", "hunter2", "it is not a private key in PEM"),
        (
            "12",
            "34",
            "-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----\n",
            "RSA key",
        ),
    ] {
        let error = App::new(id, installation, &Secret::new(pem.to_owned()), None).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
}
