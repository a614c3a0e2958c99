//! Which GitRepos a webhook is for: pure.

use std::collections::{BTreeMap, BTreeSet};

use fleet_core::name::RepoName;
use fleet_core::resource::GitRepo;
use fleet_core::version::{Constraints, Version};
use fleet_source::Reference;
use fleet_webhook::{Delivery, Reference as Moved, RepoUrl, Unverified};

/// What is compared of a GitRepo.
#[derive(Clone, Debug)]
pub(super) struct Watched {
    name: RepoName,
    url: RepoUrl,
    reference: Reference,
    /// The secret that it names; the host's if none.
    secret: Option<String>,
}

impl Watched {
    /// None if URL or revision cannot be read, which the GitRepo's own status tells.
    pub(super) fn of(repo: &GitRepo) -> Option<Self> {
        let spec = &repo.spec;
        Some(Self {
            name: repo.metadata.name.clone(),
            url: RepoUrl::parse(&spec.repo)?,
            reference: Reference::of_repo(spec.branch.as_deref(), spec.revision.as_deref()).ok()?,
            secret: spec.webhook_secret.clone(),
        })
    }
}

/// What comes of a webhook that is believed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Judged {
    /// The secrets that fit; none means the host's.
    pub(super) believed: BTreeSet<Option<String>>,
    /// The GitRepos whose reference moved, and where it is said to stand.
    pub(super) moved: Vec<(RepoName, Option<String>)>,
}

/// Finds the GitRepos that a webhook is for, each judged by its own secret.
///
/// The host's secret is always asked, so that who has it gets the same answer whether or not anything matches.
///
/// # Errors
/// Why it is not believed, if no secret fits.
pub(super) fn judge(
    delivery: &Delivery,
    watched: &[Watched],
    mut believe: impl FnMut(Option<&str>) -> Result<(), Unverified>,
) -> Result<Judged, Unverified> {
    let about: Vec<&Watched> = watched
        .iter()
        .filter(|watched| delivery.is_about(&watched.url))
        .collect();
    let mut asked = BTreeMap::new();
    asked.insert(None, believe(None));
    for watched in &about {
        if let Some(secret) = &watched.secret {
            let answer = asked.entry(Some(secret.clone()));
            answer.or_insert_with(|| believe(Some(secret)));
        }
    }
    let fits = |secret: &Option<String>| matches!(asked.get(secret), Some(Ok(())));
    let moved = about
        .iter()
        .filter(|watched| fits(&watched.secret))
        .filter_map(|watched| {
            let commit = standing(&watched.reference, delivery)?;
            Some((watched.name.clone(), commit))
        });
    let moved: Vec<_> = moved.collect();
    let believed: BTreeSet<Option<String>> = asked
        .iter()
        .filter(|(_, answer)| answer.is_ok())
        .map(|(secret, _)| secret.clone())
        .collect();
    if believed.is_empty() {
        // What a GitRepo's own secret says tells more than what the host's does.
        let last = asked.into_values().filter_map(Result::err).next_back();
        return Err(last.unwrap_or(Unverified::Unsigned));
    }
    Ok(Judged { believed, moved })
}

/// Where a reference is said to stand now; none if it did not move.
fn standing(followed: &Reference, delivery: &Delivery) -> Option<Option<String>> {
    let found = delivery.updates.iter().find(|update| {
        match (followed, &update.reference) {
            (Reference::Branch(followed), Moved::Branch(moved))
            | (Reference::Tag(followed), Moved::Tag(moved)) => followed == moved,
            // Any branch can be the server's default.
            (Reference::Default, Moved::Branch(_)) => true,
            (Reference::Versions(range), Moved::Tag(tag)) => in_range(&range.to_string(), tag),
            // A commit that could not be found may have come.
            (Reference::Commit(commit), _) => update.commit.as_ref() == Some(&commit.to_string()),
            _ => false,
        }
    });
    match (found, followed) {
        (Some(update), Reference::Branch(_) | Reference::Tag(_)) => Some(update.commit.clone()),
        // The highest version need not be the one that was pushed.
        (Some(_), _) => Some(None),
        // What moved besides is not listed.
        (None, _) => delivery.cut.then_some(None),
    }
}

fn in_range(range: &str, tag: &str) -> bool {
    match (Constraints::parse(range), Version::parse(tag)) {
        (Ok(range), Ok(version)) => range.check(&version),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use fleet_core::resource::{GitRepoSpec, Metadata};
    use fleet_webhook::{Forge, Kind, Update};

    use super::*;

    const COMMIT: &str = "9049f1265b7d61be4a8904a9a27120d2064dab3b";

    fn watched(name: &str, branch: &str, revision: &str, secret: Option<&str>) -> Watched {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let spec = GitRepoSpec {
            repo: "git@forge.example:team/shop.git".to_owned(),
            branch: some(branch),
            revision: some(revision),
            webhook_secret: secret.map(str::to_owned),
            ..GitRepoSpec::default()
        };
        Watched::of(&GitRepo {
            api_version: String::new(),
            metadata: Metadata::named(RepoName::parse(name).unwrap()),
            spec,
        })
        .unwrap()
    }

    fn push(moved: &[Moved]) -> Delivery {
        let update = |reference: &Moved| Update {
            reference: reference.clone(),
            commit: Some(COMMIT.to_owned()),
        };
        Delivery {
            forge: Forge::GitHub,
            kind: Kind::Push,
            id: None,
            urls: vec![RepoUrl::parse("https://forge.example/team/shop").unwrap()],
            updates: moved.iter().map(update).collect(),
            cut: false,
        }
    }

    fn branch(name: &str) -> Moved {
        Moved::Branch(name.to_owned())
    }

    fn tag(name: &str) -> Moved {
        Moved::Tag(name.to_owned())
    }

    #[test]
    fn only_what_follows_the_pushed_reference_is_woken() {
        let check = |follows: (&str, &str), moved: &[Moved], expected: Option<Option<&str>>| {
            let watched = [watched("shop", follows.0, follows.1, None)];
            let judged = judge(&push(moved), &watched, |_| Ok(())).unwrap();
            let found = judged.moved.first().map(|(_, commit)| commit.as_deref());
            assert_eq!(found, expected, "{follows:?} {moved:?}");
        };
        let here = Some(Some(COMMIT));
        check(("main", ""), &[branch("main")], here);
        check(("main", ""), &[branch("dev"), branch("main")], here);
        check(("main", ""), &[branch("dev")], None);
        check(("main", ""), &[tag("main")], None);
        check(("main", ""), &[], None);
        check(("", ""), &[branch("master")], here);
        check(("", "v1.2.0"), &[tag("v1.2.0")], here);
        check(("", "v1.2.0"), &[branch("v1.2.0")], None);
        check(("", "^1.2"), &[tag("v1.3.0")], Some(None));
        check(("", "^1.2"), &[tag("v2.0.0")], None);
        check(("", "^1.2"), &[tag("latest")], None);
        check(("", "^1.2"), &[branch("main")], None);
        check(("", COMMIT), &[branch("main")], Some(None));
        check(("", &COMMIT.replace('9', "8")), &[branch("main")], None);

        let mut cut = push(&[branch("dev")]);
        cut.cut = true;
        let watched = [watched("shop", "main", "", None)];
        let judged = judge(&cut, &watched, |_| Ok(())).unwrap();
        assert_eq!(judged.moved.len(), 1, "it may be among what is not listed");
    }

    /// Without this one team's key would wake the others' GitRepos.
    #[test]
    fn each_gitrepo_is_judged_by_its_own_secret() {
        let watched = [
            watched("a", "main", "", Some("team-a")),
            watched("b", "main", "", Some("team-b")),
            watched("c", "main", "", None),
            watched("d", "dev", "", Some("team-a")),
        ];
        let woken = |fits: &[Option<&str>]| {
            let mut asked = Vec::new();
            let judged = judge(&push(&[branch("main")]), &watched, |secret| {
                asked.push(secret.map(str::to_owned));
                let known = fits.contains(&secret);
                known.then_some(()).ok_or(Unverified::Wrong)
            });
            let n_asked = asked.len();
            asked.sort();
            asked.dedup();
            assert_eq!((n_asked, asked.len()), (3, 3), "each is asked once");
            judged.map(|judged| {
                let names = judged.moved.iter().map(|(name, _)| name.to_string());
                names.collect::<Vec<_>>().join(",")
            })
        };
        assert_eq!(woken(&[Some("team-a")]), Ok("a".to_owned()));
        assert_eq!(woken(&[Some("team-b"), None]), Ok("b,c".to_owned()));
        assert_eq!(woken(&[None]), Ok("c".to_owned()));
        assert_eq!(woken(&[]), Err(Unverified::Wrong));
    }

    #[test]
    fn the_hosts_key_gets_one_answer_whatever_it_names() {
        let judged = judge(&push(&[branch("main")]), &[], |secret| {
            assert_eq!(secret, None);
            Ok(())
        });
        assert!(judged.unwrap().moved.is_empty());
        let refused = judge(&push(&[]), &[], |_| Err(Unverified::Wrong));
        assert_eq!(refused, Err(Unverified::Wrong));
    }
}
