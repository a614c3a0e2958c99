//! When marks are sent: a pure schedule with a limit for each forge and a pause for each that is not well.
//!
//! It holds one entry for each GitRepo, not one for each mark: what is sent when its turn comes is what is wanted then.

use std::collections::BTreeMap;
use std::time::Duration;

use fleet_core::name::RepoName;

/// How many marks a forge may be told at once after a quiet time.
const BURST: f64 = 10.0;

/// How many marks a forge is told in a second on the long run: GitHub takes 80 a minute of what makes content
/// ("Rate limits for the REST API", secondary limits).
const PER_SECOND: f64 = 1.0;

/// How many requests to one forge are under way at the same time.
const MAX_RUNNING: usize = 4;

/// How long a forge is left alone that asked to wait and did not say how long.
const PAUSE: Duration = Duration::from_secs(60);

/// First and longest wait after a failure.
const BACK_OFF: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(300));

/// How long after the n-th mark of a commit the next one may follow. GitHub keeps 1000 marks of one name beside one
/// commit ("Create a commit status") and then takes no more.
const SPACING: [(u32, Duration); 5] = [
    (5, Duration::from_secs(1)),
    (50, Duration::from_secs(10)),
    (200, Duration::from_secs(60)),
    (900, Duration::from_secs(900)),
    (u32::MAX, Duration::from_secs(86_400)),
];

/// How sending a mark ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// The forge has it.
    Told {
        /// How many marks the commit has now.
        n_marks: u32,
        /// How long the forge wants to be left alone.
        pause: Option<Duration>,
    },
    /// The forge wants to be left alone.
    Limited(Option<Duration>),
    /// The forge is not well, or not there.
    Unwell,
    /// This mark, or the credential for it, is not taken.
    Refused,
}

/// When marks are sent.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    lanes: BTreeMap<String, Lane>,
    entries: BTreeMap<RepoName, Entry>,
}

/// One forge.
#[derive(Debug)]
struct Lane {
    /// How many marks may be sent now.
    tokens: f64,
    /// When that was counted.
    counted: Duration,
    paused_until: Duration,
    failures: u32,
    n_running: usize,
}

#[derive(Debug)]
struct Entry {
    lane: String,
    /// Whether there is something to send.
    waiting: bool,
    /// Since when.
    since: Duration,
    /// Whether it says how a commit ended, and so goes before what says that it goes on.
    settled: bool,
    not_before: Duration,
    failures: u32,
    running: bool,
}

impl Outbox {
    /// Something is to be said for a GitRepo.
    pub(super) fn want(&mut self, name: &RepoName, lane: &str, settled: bool, now: Duration) {
        let entry = self.entries.entry(name.clone()).or_insert_with(|| Entry {
            lane: lane.to_owned(),
            waiting: false,
            since: now,
            settled,
            not_before: Duration::ZERO,
            failures: 0,
            running: false,
        });
        if !entry.waiting {
            entry.since = now;
        }
        entry.waiting = true;
        entry.settled = settled;
        if !entry.running {
            lane.clone_into(&mut entry.lane);
        }
    }

    /// Nothing is to be said any more.
    pub(super) fn withdraw(&mut self, name: &RepoName) {
        if let Some(entry) = self.entries.get_mut(name) {
            entry.waiting = false;
        }
    }

    /// What kept a GitRepo from being told may have changed, or it is about another commit now.
    pub(super) fn renew(&mut self, name: &RepoName) {
        if let Some(entry) = self.entries.get_mut(name) {
            entry.failures = 0;
            entry.not_before = Duration::ZERO;
        }
    }

    /// A GitRepo is gone.
    pub(super) fn forget(&mut self, name: &RepoName) {
        if let Some(entry) = self.entries.remove(name)
            && entry.running
            && let Some(lane) = self.lanes.get_mut(&entry.lane)
        {
            lane.n_running -= 1;
        }
        let used: Vec<&String> = self.entries.values().map(|entry| &entry.lane).collect();
        self.lanes.retain(|lane, _| used.contains(&lane));
    }

    /// The GitRepos whose turn it is; each must be [`finish`](Self::finish)ed.
    pub(super) fn start(&mut self, now: Duration) -> Vec<RepoName> {
        let mut due: Vec<(bool, Duration, RepoName)> = self
            .entries
            .iter()
            .filter(|(_, entry)| entry.waiting && !entry.running && entry.not_before <= now)
            .map(|(name, entry)| (!entry.settled, entry.since, name.clone()))
            .collect();
        due.sort();
        let mut started = Vec::new();
        for (_, _, name) in due {
            let Some(entry) = self.entries.get_mut(&name) else {
                continue;
            };
            let lane = self.lanes.entry(entry.lane.clone());
            let lane = lane.or_insert_with(|| Lane::new(now));
            if lane.take(now) {
                entry.running = true;
                started.push(name);
            }
        }
        started
    }

    /// When somebody's turn may come next, if that depends on time alone.
    pub(super) fn next(&self) -> Option<Duration> {
        let waiting = self
            .entries
            .values()
            .filter(|entry| entry.waiting && !entry.running);
        let turn = |entry: &Entry| match self.lanes.get(&entry.lane) {
            Some(lane) if lane.is_busy() => None,
            Some(lane) => Some(entry.not_before.max(lane.free_at())),
            None => Some(entry.not_before),
        };
        waiting.filter_map(turn).min()
    }

    /// A mark was sent, or not; `unit` is a random number from 0 up to 1.
    pub(super) fn finish(&mut self, name: &RepoName, ended: Ended, now: Duration, unit: f64) {
        let Some(entry) = self.entries.get_mut(name).filter(|entry| entry.running) else {
            return;
        };
        entry.running = false;
        let Some(lane) = self.lanes.get_mut(&entry.lane) else {
            return;
        };
        lane.n_running -= 1;
        match ended {
            Ended::Told { n_marks, pause } => {
                entry.failures = 0;
                lane.failures = 0;
                entry.not_before = now + spacing(n_marks);
                lane.pause(now, pause.unwrap_or_default());
            }
            Ended::Limited(pause) => {
                // Not all at the same moment when the pause is over.
                let extra = Duration::from_secs(1).mul_f64(unit);
                lane.pause(now, pause.unwrap_or(PAUSE) + extra);
            }
            Ended::Unwell => {
                lane.failures = lane.failures.saturating_add(1);
                lane.pause(now, back_off(lane.failures, unit));
            }
            Ended::Refused => {
                entry.failures = entry.failures.saturating_add(1);
                entry.not_before = now + back_off(entry.failures, unit);
            }
        }
    }
}

impl Lane {
    fn new(now: Duration) -> Self {
        Self {
            tokens: BURST,
            counted: now,
            paused_until: Duration::ZERO,
            failures: 0,
            n_running: 0,
        }
    }

    fn take(&mut self, now: Duration) -> bool {
        let passed = now.saturating_sub(self.counted).as_secs_f64();
        self.tokens = (self.tokens + passed * PER_SECOND).min(BURST);
        self.counted = now;
        if self.paused_until > now || self.is_busy() || self.tokens < 1.0 {
            return false;
        }
        self.tokens -= 1.0;
        self.n_running += 1;
        true
    }

    /// Whether an answer must come before anything else is sent.
    fn is_busy(&self) -> bool {
        // While it is not known whether a forge is well again, one request is enough to find out.
        let most = if self.failures > 0 { 1 } else { MAX_RUNNING };
        self.n_running >= most
    }

    /// When a mark may be sent, if nothing else is.
    fn free_at(&self) -> Duration {
        let missing = (1.0 - self.tokens).max(0.0) / PER_SECOND;
        // A little later, so that rounding does not make it too early.
        let full = self.counted + Duration::from_secs_f64(missing) + Duration::from_millis(1);
        self.paused_until.max(full)
    }

    fn pause(&mut self, now: Duration, pause: Duration) {
        self.paused_until = self.paused_until.max(now + pause);
    }
}

fn spacing(n_marks: u32) -> Duration {
    let row = SPACING.iter().find(|(n, _)| n_marks < *n);
    row.map_or(BACK_OFF.1, |(_, spacing)| *spacing)
}

/// Twice as long with each failure, and between half and all of that.
fn back_off(failures: u32, unit: f64) -> Duration {
    let factor = 2u32.saturating_pow(failures.saturating_sub(1).min(16));
    let longest = BACK_OFF.0.saturating_mul(factor).min(BACK_OFF.1);
    longest.mul_f64(0.5 + unit / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOLD: Ended = Ended::Told {
        n_marks: 1,
        pause: None,
    };

    fn name(n: usize) -> RepoName {
        RepoName::parse(format!("repo-{n:03}")).unwrap()
    }

    fn seconds(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    /// GitRepos of one forge that all want something said.
    fn outbox(n: usize) -> Outbox {
        let mut outbox = Outbox::default();
        for n in 0..n {
            outbox.want(&name(n), "a", false, seconds(0));
        }
        outbox
    }

    /// Sends all that may be sent until `until`; how many that were.
    fn send(outbox: &mut Outbox, until: u64, ended: Ended) -> usize {
        let (mut n, mut now) = (0, seconds(0));
        while now <= seconds(until) {
            for name in outbox.start(now) {
                n += 1;
                outbox.withdraw(&name);
                outbox.finish(&name, ended, now, 0.0);
            }
            match outbox.next() {
                Some(next) => now = next.max(now + Duration::from_millis(1)),
                None => break,
            }
        }
        n
    }

    #[test]
    fn a_forge_is_told_a_few_at_once_and_then_one_each_second() {
        let mut outbox = outbox(100);
        let sent = send(&mut outbox, 1, TOLD);
        assert!((10..=11).contains(&sent), "{sent}");
        let mut outbox = self::outbox(100);
        let sent = send(&mut outbox, 20, TOLD);
        assert!((29..=31).contains(&sent), "{sent}");
        let mut outbox = self::outbox(100);
        assert_eq!(send(&mut outbox, 1000, TOLD), 100);
    }

    #[test]
    fn few_requests_are_under_way_and_forges_do_not_wait_for_each_other() {
        let mut outbox = outbox(10);
        outbox.want(&name(10), "b", false, seconds(0));
        let started = outbox.start(seconds(0));
        assert_eq!(started.len(), MAX_RUNNING + 1);
        assert!(started.contains(&name(10)));
        assert_eq!(outbox.next(), None, "an answer must come first");
        outbox.finish(&name(0), TOLD, seconds(0), 0.0);
        assert!(outbox.next().is_some());
    }

    /// Without this what people wait for would stand behind what only says that things go on.
    #[test]
    fn how_a_commit_ended_goes_first_and_then_who_waits_longest() {
        let mut outbox = Outbox::default();
        outbox.want(&name(0), "a", false, seconds(3));
        outbox.want(&name(1), "a", false, seconds(1));
        outbox.want(&name(2), "a", true, seconds(4));
        outbox.want(&name(0), "a", false, seconds(9));
        assert_eq!(outbox.start(seconds(9)), [name(2), name(1), name(0)]);
    }

    #[test]
    fn a_forge_that_asks_to_wait_is_left_alone_as_long_as_it_says() {
        let check = |ended, expected: u64| {
            let mut outbox = outbox(2);
            let first = outbox.start(seconds(0));
            outbox.finish(&first[0], ended, seconds(0), 0.0);
            outbox.finish(&first[1], TOLD, seconds(0), 0.0);
            outbox.withdraw(&first[1]);
            assert!(outbox.start(seconds(expected - 1)).is_empty(), "{ended:?}");
            assert_eq!(outbox.next(), Some(seconds(expected)), "{ended:?}");
            assert_eq!(outbox.start(seconds(expected)).len(), 1, "{ended:?}");
        };
        check(Ended::Limited(Some(seconds(30))), 30);
        check(Ended::Limited(None), 60);
        let mut outbox = outbox(20);
        let pause = Some(seconds(100));
        assert_eq!(send(&mut outbox, 99, Ended::Told { n_marks: 1, pause }), 4);
    }

    #[test]
    fn a_forge_that_is_not_well_is_asked_by_one_and_ever_more_seldom() {
        let mut outbox = outbox(100);
        let mut asked = Vec::new();
        let mut now = seconds(0);
        while now < seconds(1000) {
            for name in outbox.start(now) {
                asked.push(now.as_secs());
                outbox.finish(&name, Ended::Unwell, now, 1.0);
            }
            now = outbox.next().unwrap();
        }
        assert_eq!(asked[..4], [0, 0, 0, 0], "nothing was known at first");
        let gaps: Vec<u64> = asked[3..]
            .windows(2)
            .map(|pair| pair[1] - pair[0])
            .collect();
        assert_eq!(gaps, [40, 80, 160, 300, 300]);
        let told = outbox.start(now);
        outbox.finish(&told[0], TOLD, now, 0.0);
        assert_eq!(outbox.start(now + seconds(1)).len(), MAX_RUNNING);
    }

    #[test]
    fn who_is_refused_waits_alone_until_something_changes() {
        let mut outbox = outbox(2);
        for name in outbox.start(seconds(0)) {
            let ended = if name == self::name(0) {
                Ended::Refused
            } else {
                TOLD
            };
            outbox.finish(&name, ended, seconds(0), 1.0);
        }
        assert_eq!(outbox.start(seconds(4)), [name(1)]);
        outbox.renew(&name(0));
        assert_eq!(outbox.start(seconds(4)), [name(0)]);
        outbox.finish(&name(0), Ended::Refused, seconds(4), 1.0);
        assert!(outbox.start(seconds(8)).is_empty());
        assert_eq!(outbox.start(seconds(9)), [name(0)]);
    }

    /// Without this a commit on a thousand clusters would use up what GitHub keeps of it.
    #[test]
    fn marks_of_one_commit_come_ever_more_seldom() {
        let mut outbox = outbox(1);
        let (mut n_marks, mut now) = (0, seconds(0));
        while now < seconds(24 * 3600) {
            for name in outbox.start(now) {
                n_marks += 1;
                let ended = Ended::Told {
                    n_marks,
                    pause: None,
                };
                outbox.finish(&name, ended, now, 0.0);
            }
            now = outbox.next().unwrap();
        }
        assert!((200..400).contains(&n_marks), "{n_marks}");
    }

    #[test]
    fn what_is_forgotten_while_it_is_under_way_blocks_nobody() {
        let mut outbox = outbox(6);
        assert_eq!(outbox.start(seconds(0)).len(), 4);
        for n in 0..4 {
            outbox.forget(&name(n));
            outbox.finish(&name(n), TOLD, seconds(0), 0.0);
        }
        assert_eq!(outbox.start(seconds(0)), [name(4), name(5)]);
    }
}
