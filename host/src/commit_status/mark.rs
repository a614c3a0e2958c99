//! What is to be said of a commit: a pure decision over how far it has come and what was said before.
//!
//! A mark may be seen by everybody who sees the commit, so it holds a reason, a place in the repository and counts of
//! clusters, and nothing else: no names, no messages, no addresses.

use fleet_core::diagnostic::Location;
use fleet_core::problem::Reason;
use fleet_forge::State;
use fleet_host_plan::fleet::{Fault, Progress};

/// The longest place that is shown, in characters, so that the counts have room.
const MAX_PLACE: usize = 80;

/// What is said of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) commit: String,
    pub(super) state: State,
    pub(super) description: String,
}

/// What is to be said now, if anything; `last` is what was said last under the same name.
pub(super) fn decide(progress: &Progress, last: Option<&Mark>) -> Option<Mark> {
    let commit = progress.commit.clone()?;
    let last = last.filter(|last| last.commit == commit);
    let (state, description) = if progress.judged {
        verdict(progress)
    } else {
        (State::Pending, "Rendering".to_owned())
    };
    let mark = Mark {
        commit,
        state,
        description,
    };
    let Some(last) = last else {
        return Some(mark);
    };
    let on_its_way = matches!(mark.state, State::Pending | State::Running);
    let was_final = !matches!(last.state, State::Pending | State::Running);
    // Once it is known how a commit ended, clusters that come later, or a host that starts again, do not unsettle it
    // until they end differently.
    let unsettles = on_its_way && was_final;
    // After a start the host knows less than it has said.
    let knows_less = mark.state != State::Success && (!progress.judged || progress.unheard);
    (*last != mark && !unsettles && !knows_less).then_some(mark)
}

fn verdict(progress: &Progress) -> (State, String) {
    let (n, m) = (progress.n_applied, progress.n_clusters);
    if let Some(fault) = progress.faults.first() {
        let state = match progress
            .faults
            .iter()
            .all(|fault| is_of_the_host(fault.reason))
        {
            true => State::Error,
            false => State::Failure,
        };
        return (state, failure(fault, m, progress.faults.len() - 1));
    }
    match (n, m) {
        (_, 0) => (State::Success, "Selects no cluster".to_owned()),
        (n, m) if n == m => (State::Success, format!("Applied on {n}/{m} clusters")),
        (n, m) => (State::Running, format!("Applied on {n}/{m} clusters")),
    }
}

fn failure(fault: &Fault, n_clusters: u64, n_more: usize) -> String {
    let mut text = fault.reason.to_string();
    if let Some(n) = fault.n_clusters {
        text.push_str(&format!(" on {n}/{n_clusters} clusters"));
    }
    if let Some(place) = fault.location.as_ref().and_then(place) {
        text.push_str(&format!(": {place}"));
    }
    if n_more > 0 {
        text.push_str(&format!(" (and {n_more} more)"));
    }
    text
}

/// A place in the repository, which whoever sees the commit sees too; nothing that could be anything else.
fn place(location: &Location) -> Option<String> {
    let place = match (location.file.as_str(), location.line) {
        (file, 0) => file.to_owned(),
        (file, line) => format!("{file}:{line}"),
    };
    let inside = !place.is_empty()
        && !place.starts_with('/')
        && !place.contains("://")
        && !place.contains(char::is_control)
        && place.chars().count() <= MAX_PLACE;
    inside.then_some(place)
}

/// Whether a reason lies with the host, a server or a cluster, so that the commit itself may be good.
fn is_of_the_host(reason: Reason) -> bool {
    use Reason::{
        BundleUnavailable, ClusterUnreachable, GitAuthenticationFailed, GitFetchFailed,
        GitRateLimited, GitRepositoryNotFound, GitServerNotTrusted, GitUnreachable, PluginInvalid,
        PluginNotFound, RemoteUnavailable, RevisionNotFound, SecretUnavailable, StateNotSaved,
    };
    matches!(
        reason,
        BundleUnavailable
            | ClusterUnreachable
            | GitAuthenticationFailed
            | GitFetchFailed
            | GitRateLimited
            | GitRepositoryNotFound
            | GitServerNotTrusted
            | GitUnreachable
            | PluginInvalid
            | PluginNotFound
            | RemoteUnavailable
            | RevisionNotFound
            | SecretUnavailable
            | StateNotSaved
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A commit `c` that was rendered and is applied on `n` of `m` clusters.
    fn progress(n: u64, m: u64, faults: &[Fault]) -> Progress {
        let json = r#"{"metadata":{"name":"shop"},"spec":{"repo":"https://x/y/z"}}"#;
        Progress {
            resource: serde_json::from_str(json).unwrap(),
            commit: Some("c".to_owned()),
            judged: true,
            unheard: false,
            n_clusters: m,
            n_applied: n,
            faults: faults.to_vec(),
        }
    }

    fn fault(reason: Reason, n_clusters: Option<u64>, file: &str) -> Fault {
        let location = (!file.is_empty()).then(|| Location {
            file: file.to_owned(),
            line: 6,
            column: 2,
        });
        Fault {
            reason,
            location,
            n_clusters,
        }
    }

    fn mark(commit: &str, state: State, description: &str) -> Mark {
        Mark {
            commit: commit.to_owned(),
            state,
            description: description.to_owned(),
        }
    }

    #[test]
    fn a_mark_says_how_far_a_commit_has_come() {
        let check = |progress: Progress, state, description: &str| {
            assert_eq!(decide(&progress, None), Some(mark("c", state, description)));
        };
        let unread = Progress {
            judged: false,
            ..progress(2, 2, &[])
        };
        check(unread, State::Pending, "Rendering");
        check(
            progress(0, 2, &[]),
            State::Running,
            "Applied on 0/2 clusters",
        );
        check(
            progress(2, 2, &[]),
            State::Success,
            "Applied on 2/2 clusters",
        );
        check(progress(0, 0, &[]), State::Success, "Selects no cluster");
        let whole = fault(Reason::RecipeInvalid, None, "app/fleet.yaml");
        check(
            progress(1, 2, std::slice::from_ref(&whole)),
            State::Failure,
            "RecipeInvalid: app/fleet.yaml:6",
        );
        let render = fault(Reason::RenderFailed, Some(2), "app/templates/a.yaml");
        check(
            progress(0, 2, std::slice::from_ref(&render)),
            State::Failure,
            "RenderFailed on 2/2 clusters: app/templates/a.yaml:6",
        );
        check(
            progress(0, 2, &[whole, render]),
            State::Failure,
            "RecipeInvalid: app/fleet.yaml:6 (and 1 more)",
        );
        check(
            progress(1, 2, &[fault(Reason::ApplyFailed, Some(1), "")]),
            State::Failure,
            "ApplyFailed on 1/2 clusters",
        );
        check(
            progress(1, 2, &[fault(Reason::ClusterUnreachable, Some(1), "")]),
            State::Error,
            "ClusterUnreachable on 1/2 clusters",
        );
        let nothing = Progress {
            commit: None,
            ..progress(0, 0, &[])
        };
        assert_eq!(decide(&nothing, None), None);
    }

    /// Without this the public could read addresses, or how the host's disk is laid out.
    #[test]
    fn a_place_outside_the_repository_is_not_told() {
        for file in [
            "https://charts.example.org/x.tgz",
            "/var/lib/fleet/x",
            "a\nb",
            &"x/".repeat(50),
        ] {
            let faults = [fault(Reason::RenderFailed, Some(1), file)];
            let found = decide(&progress(0, 1, &faults), None).unwrap();
            assert_eq!(found.description, "RenderFailed on 1/1 clusters");
        }
    }

    #[test]
    fn only_what_is_new_is_said() {
        let check = |last: Mark, progress: Progress, expected: Option<State>| {
            let found = decide(&progress, Some(&last)).map(|mark| mark.state);
            assert_eq!(found, expected, "{last:?} {progress:?}");
        };
        let running = || mark("c", State::Running, "Applied on 1/2 clusters");
        let success = || mark("c", State::Success, "Applied on 2/2 clusters");
        let failure = || mark("c", State::Failure, "ApplyFailed on 1/2 clusters");
        let broken = || progress(1, 2, &[fault(Reason::ApplyFailed, Some(1), "")]);
        check(running(), progress(1, 2, &[]), None);
        check(running(), progress(2, 2, &[]), Some(State::Success));
        check(running(), broken(), Some(State::Failure));
        check(success(), progress(2, 2, &[]), None);
        check(success(), progress(3, 3, &[]), Some(State::Success));
        check(success(), broken(), Some(State::Failure));
        check(failure(), broken(), None);
        check(failure(), progress(2, 2, &[]), Some(State::Success));
        // A cluster that joins later, or begins anew.
        check(success(), progress(2, 3, &[]), None);
        check(failure(), progress(1, 2, &[]), None);
        // Of another commit everything is new.
        let other = mark("b", State::Success, "Applied on 2/2 clusters");
        check(other, progress(0, 2, &[]), Some(State::Running));
    }

    /// Without this each restart would set every commit back.
    #[test]
    fn a_host_that_has_just_started_says_nothing_that_it_knew_better_before() {
        let running = mark("c", State::Running, "Applied on 1/2 clusters");
        let unread = Progress {
            judged: false,
            ..progress(0, 2, &[])
        };
        assert_eq!(decide(&unread, Some(&running)), None);
        let unheard = Progress {
            unheard: true,
            ..progress(0, 2, &[])
        };
        assert_eq!(decide(&unheard, Some(&running)), None);
        let failure = mark(
            "c",
            State::Failure,
            "RenderFailed on 1/2 clusters (and 1 more)",
        );
        let half = Progress {
            unheard: true,
            ..progress(0, 2, &[fault(Reason::RenderFailed, Some(1), "")])
        };
        assert_eq!(decide(&half, Some(&failure)), None);
        let all = Progress {
            unheard: true,
            ..progress(2, 2, &[])
        };
        assert!(decide(&all, Some(&running)).is_some());
    }
}
