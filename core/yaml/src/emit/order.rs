//! The order of keys.

use std::cmp::Ordering;

use crate::resolve::Schema;

/// Sorts by an order that need not be transitive, which the sorts of the standard library may answer with a panic.
///
/// Where it is not, Go's own result depends on the order in which it came across the keys, which is random.
pub(super) fn sorted<T>(mut items: Vec<T>, order: &impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    if items.len() < 2 {
        return items;
    }
    let right = sorted(items.split_off(items.len() / 2), order);
    let left = sorted(items, order);
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some(one), Some(other)) = (left.peek(), right.peek()) {
        merged.extend(match order(one, other) {
            Ordering::Greater => right.next(),
            _ => left.next(),
        });
    }
    merged.extend(left);
    merged.extend(right);
    merged
}

/// The order of keys in goyaml (`sorter.go`): letters after everything else, runs of digits by their number.
///
/// It is not transitive: `a9` < `a10` < `a1b` < `a9`.
pub(super) fn natural(a: &str, b: &str, schema: Schema) -> Ordering {
    if a.is_ascii() && b.is_ascii() {
        return natural_order(a.as_bytes(), b.as_bytes(), schema);
    }
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    natural_order(&a, &b, schema)
}

fn natural_order<C: Copy + Into<char>>(a: &[C], b: &[C], schema: Schema) -> Ordering {
    let mut after_digit = false;
    for n in 0..a.len().min(b.len()) {
        let (x, y): (char, char) = (a[n].into(), b[n].into());
        if x == y {
            after_digit = schema == Schema::V3 && x.is_numeric();
            continue;
        }
        match (x.is_alphabetic(), y.is_alphabetic()) {
            (true, true) => return x.cmp(&y),
            (true, false) => {
                return if after_digit {
                    Ordering::Less
                } else {
                    Ordering::Greater
                };
            }
            (false, true) => {
                return if after_digit {
                    Ordering::Greater
                } else {
                    Ordering::Less
                };
            }
            (false, false) => {}
        }
        // Zeros in the middle of a number count as digits of it.
        let started = (x == '0' || y == '0')
            && a[..n]
                .iter()
                .rev()
                .map(|c| (*c).into())
                .take_while(char::is_ascii_digit)
                .any(|c| c != '0');
        let run = |text: &[C]| {
            let mut value = i64::from(started);
            let mut len = 0;
            let digits = text.iter().map(|c| (*c).into());
            for c in digits.take_while(char::is_ascii_digit) {
                value = value
                    .wrapping_mul(10)
                    .wrapping_add(i64::from(u32::from(c) - u32::from('0')));
                len += 1;
            }
            (value, len)
        };
        let (value_a, len_a) = run(&a[n..]);
        let (value_b, len_b) = run(&b[n..]);
        return value_a
            .cmp(&value_b)
            .then(len_a.cmp(&len_b))
            .then(x.cmp(&y));
    }
    a.len().cmp(&b.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Found by the fuzz target `yaml`: with keys like these the standard library's sort panics.
    #[test]
    fn keys_may_be_in_no_order() {
        let mut keys: Vec<&str> = "- k f 5 ae 2 : O 10 1e 1 . a e 1: 21 ) n 7 0 3"
            .split(' ')
            .collect();
        keys.sort_unstable();
        for schema in [Schema::V2, Schema::V3] {
            let mut kept = sorted(keys.clone(), &|a: &&str, b: &&str| natural(a, b, schema));
            kept.sort_unstable();
            assert_eq!(kept, keys);
        }
    }

    #[test]
    fn equals_keep_their_order() {
        let by_tens = |a: &u32, b: &u32| (a / 10).cmp(&(b / 10));
        let items = vec![31, 12, 30, 11, 29, 10, 32, 5];
        assert_eq!(sorted(items, &by_tens), [5, 12, 11, 10, 29, 31, 30, 32]);
    }
}
