//! How many webhooks are taken, from whom, and which were taken before: pure, with the time as an argument.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use fleet_core::digest::Digest;

/// What one source may send: so many a second in the long run, and so many at once. Behind an ingress everybody is
/// one source, so this is not small.
const FROM_ONE: Rate = Rate {
    per_second: 20.0,
    at_once: 200.0,
};

/// What all together may send.
const FROM_ALL: Rate = Rate {
    per_second: 100.0,
    at_once: 500.0,
};

/// How many sources are told apart; the others share one allowance.
const MAX_SOURCES: usize = 4096;

/// How many webhooks are remembered: all that can be taken within the 5 minutes for which a signed time is believed.
const MAX_REMEMBERED: usize = 32_768;

#[derive(Clone, Copy, Debug)]
struct Rate {
    per_second: f64,
    at_once: f64,
}

/// Who may still send what.
#[derive(Debug, Default)]
pub(super) struct Gate {
    all: Allowance,
    sources: BTreeMap<IpAddr, Allowance>,
    others: Allowance,
    remembered: BTreeSet<Digest>,
    /// The same, oldest first.
    order: VecDeque<Digest>,
    complained: Option<Duration>,
}

/// What was used of a rate.
#[derive(Clone, Copy, Debug, Default)]
struct Allowance {
    used: f64,
    at: Duration,
}

impl Allowance {
    /// How long until there is one to take.
    fn wait(&mut self, rate: Rate, now: Duration) -> Option<Duration> {
        let elapsed = now.saturating_sub(self.at).as_secs_f64();
        self.used = (self.used - elapsed * rate.per_second).max(0.0);
        self.at = now;
        let missing = self.used + 1.0 - rate.at_once;
        (missing > 0.0).then(|| Duration::from_secs_f64(missing / rate.per_second))
    }
}

impl Gate {
    /// Lets a request in, or says when to come again.
    pub(super) fn admit(&mut self, source: IpAddr, now: Duration) -> Result<(), Duration> {
        let source = network(source);
        if self.sources.len() >= MAX_SOURCES && !self.sources.contains_key(&source) {
            self.sources.retain(|_, allowance| {
                let _ = allowance.wait(FROM_ONE, now);
                allowance.used > 0.0
            });
        }
        let one = if self.sources.len() < MAX_SOURCES || self.sources.contains_key(&source) {
            self.sources.entry(source).or_default()
        } else {
            &mut self.others
        };
        let waits = [one.wait(FROM_ONE, now), self.all.wait(FROM_ALL, now)];
        if let Some(wait) = waits.into_iter().flatten().max() {
            return Err(wait);
        }
        one.used += 1.0;
        self.all.used += 1.0;
        Ok(())
    }

    /// Whether this webhook is seen for the first time.
    pub(super) fn is_first(&mut self, name: Digest) -> bool {
        if !self.remembered.insert(name) {
            return false;
        }
        self.order.push_back(name);
        if self.order.len() > MAX_REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.remembered.remove(&oldest);
        }
        true
    }

    /// Whether the last complaint is long enough ago for another one.
    pub(super) fn may_complain(&mut self, now: Duration, pause: Duration) -> bool {
        let may = self
            .complained
            .is_none_or(|last| now.saturating_sub(last) >= pause);
        if may {
            self.complained = Some(now);
        }
        may
    }
}

/// Who has one address of a network of IPv6 has all 2^64 of them.
fn network(source: IpAddr) -> IpAddr {
    match source.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    /// How many of `n` requests from `source` are let in.
    fn admitted(gate: &mut Gate, source: IpAddr, n: usize, now: Duration) -> usize {
        (0..n).filter(|_| gate.admit(source, now).is_ok()).count()
    }

    #[test]
    fn one_source_cannot_use_up_what_all_have() {
        let mut gate = Gate::default();
        let (loud, quiet) = (address("192.0.2.1"), address("192.0.2.2"));
        assert_eq!(admitted(&mut gate, loud, 1000, SECOND), 200);
        assert_eq!(admitted(&mut gate, quiet, 10, SECOND), 10);
        let wait = gate.admit(loud, SECOND).unwrap_err();
        assert!(wait <= Duration::from_millis(50), "{wait:?}");
        assert_eq!(admitted(&mut gate, loud, 1000, 2 * SECOND), 20);
    }

    #[test]
    fn many_sources_are_bounded_together() {
        let mut gate = Gate::default();
        let mut total = 0;
        for n in 0..10 {
            let source = address(&format!("192.0.2.{n}"));
            total += admitted(&mut gate, source, 100, SECOND);
        }
        assert_eq!(total, 500);
        assert_eq!(
            admitted(&mut gate, address("192.0.2.99"), 1000, 2 * SECOND),
            100
        );
    }

    #[test]
    fn a_network_of_ipv6_is_one_source() {
        let mut gate = Gate::default();
        let n: usize = (0..300)
            .map(|n| admitted(&mut gate, address(&format!("2001:db8::{n:x}")), 1, SECOND))
            .sum();
        assert_eq!(n, 200);
        assert_eq!(network(address("::ffff:192.0.2.1")), address("192.0.2.1"));
    }

    #[test]
    fn memory_is_bounded() {
        let mut gate = Gate::default();
        for n in 0..20_000u32 {
            let now = SECOND * n;
            gate.admit(IpAddr::V4(n.into()), now).unwrap();
            assert!(gate.sources.len() <= MAX_SOURCES);
        }
        for n in 0..40_000u32 {
            assert!(gate.is_first(Digest::of(&n.to_le_bytes())));
        }
        assert_eq!(gate.remembered.len(), MAX_REMEMBERED);
        assert!(!gate.is_first(Digest::of(&39_999u32.to_le_bytes())));
        assert!(gate.is_first(Digest::of(&0u32.to_le_bytes())));
    }
}
