//! Any text as resources: each is taken or refused with its place, reads back the same, and tells no password.
#![no_main]

use fleet_core::resource::Resource;
use fleet_core::wire::Incarnation;
use fleet_host::api::ApplyOutcome;
use fleet_host::{cli, control};
use fleet_host_plan::fleet::{Event, Fleet};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (resources, mistakes) = cli::resources("input", text);
    assert_eq!(cli::resources("input", text), (resources.clone(), mistakes));
    let mut fleet = Fleet::new(Incarnation("i".to_owned()), Vec::new()).0;
    for resource in resources {
        let written = serde_json::to_value(&resource).expect("resources are JSON");
        let again: Resource = serde_json::from_value(written).expect("resources read back");
        assert_eq!(again, resource);
        match control::admit(&fleet, &resource) {
            Err(refused) => {
                if let Resource::GitRepo(repo) = &resource
                    && let Some(password) = password(&repo.spec.repo)
                {
                    assert!(!refused.error.contains(password), "{}", refused.error);
                }
                continue;
            }
            Ok(ApplyOutcome::Unchanged) => continue,
            Ok(_) => {}
        }
        let event = match resource.clone() {
            Resource::GitRepo(repo) => Event::RepoSet(Box::new(repo)),
            Resource::Cluster(cluster) => Event::ClusterSet(Box::new(cluster)),
            Resource::ClusterGroup(group) => Event::GroupSet(Box::new(group)),
        };
        fleet.step(event, 0);
        assert_eq!(
            control::admit(&fleet, &resource),
            Ok(ApplyOutcome::Unchanged),
            "what was taken is not what was given"
        );
    }
});

/// The password in a URL, if it is long enough that it stands nowhere else by chance.
fn password(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let (userinfo, _) = authority.rsplit_once('@')?;
    let (_, password) = userinfo.split_once(':')?;
    (password.len() > 8).then_some(password)
}
