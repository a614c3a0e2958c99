//! Exact decimal numbers, as shopspring/decimal calculates with them.

use num_bigint::{BigInt, Sign};

/// Decimal places of a quotient.
const DIVISION_PLACES: i64 = 16;

/// `value` times ten to the power of `exponent`.
#[derive(Clone, Debug)]
pub(super) struct Decimal {
    value: BigInt,
    exponent: i64,
}

impl Decimal {
    /// The shortest decimal number that reads back as `f`.
    pub(super) fn from_float(f: f64) -> Result<Self, String> {
        if !f.is_finite() {
            let name = match f {
                f if f.is_nan() => "NaN",
                f if f > 0.0 => "+Inf",
                _ => "-Inf",
            };
            return Err(format!("Cannot create a Decimal from {name}"));
        }
        let text = format!("{f:e}");
        let (mantissa, exponent) = text
            .split_once('e')
            .expect("`{:e}` always prints an exponent");
        let places = mantissa
            .split_once('.')
            .map_or(0, |(_, places)| places.len());
        let digits = mantissa.replace('.', "");
        let exponent: i64 = exponent.parse().expect("an exponent is a number");
        Ok(Self {
            value: digits.parse().expect("a mantissa is made of digits"),
            exponent: exponent - places as i64,
        })
    }

    /// The nearest float.
    pub(super) fn to_float(&self) -> f64 {
        format!("{}e{}", self.value, self.exponent)
            .parse()
            .expect("digits and an exponent are a float")
    }

    pub(super) fn add(&self, other: &Self) -> Self {
        let exponent = self.exponent.min(other.exponent);
        Self {
            value: self.scaled(exponent) + other.scaled(exponent),
            exponent,
        }
    }

    pub(super) fn sub(&self, other: &Self) -> Self {
        let negated = Self {
            value: -&other.value,
            exponent: other.exponent,
        };
        self.add(&negated)
    }

    pub(super) fn mul(&self, other: &Self) -> Self {
        Self {
            value: &self.value * &other.value,
            exponent: self.exponent + other.exponent,
        }
    }

    /// The quotient, rounded to 16 places, half away from zero.
    pub(super) fn div(&self, other: &Self) -> Result<Self, String> {
        if other.value.sign() == Sign::NoSign {
            return Err("decimal division by 0".to_owned());
        }
        let shift = self.exponent - other.exponent + DIVISION_PLACES;
        let (mut numerator, mut denominator) = (self.value.clone(), other.value.clone());
        if shift >= 0 {
            numerator *= ten_to_the(shift);
        } else {
            denominator *= ten_to_the(-shift);
        }
        let mut quotient = &numerator / &denominator;
        let rest: BigInt = (&numerator - &quotient * &denominator) * 2;
        if rest.magnitude() >= denominator.magnitude() {
            let negative = numerator.sign() != denominator.sign();
            quotient += if negative { -1 } else { 1 };
        }
        Ok(Self {
            value: quotient,
            exponent: -DIVISION_PLACES,
        })
    }

    /// The value with a smaller exponent.
    fn scaled(&self, exponent: i64) -> BigInt {
        &self.value * ten_to_the(self.exponent - exponent)
    }
}

fn ten_to_the(n: i64) -> BigInt {
    BigInt::from(10).pow(u32::try_from(n).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_do_not_show_binary_fractions() {
        let of = |f| Decimal::from_float(f).unwrap();
        assert_eq!(of(0.1).add(&of(0.2)).to_float(), 0.3);
        assert_eq!(of(0.1).mul(&of(3.0)).to_float(), 0.3);
        assert_eq!(of(7.5).sub(&of(2.25)).to_float(), 5.25);
        assert_eq!(of(10.0).div(&of(4.0)).unwrap().to_float(), 2.5);
        assert_eq!(
            of(2.0).div(&of(3.0)).unwrap().to_float(),
            0.666_666_666_666_666_7
        );
        assert_eq!(
            of(-2.0).div(&of(3.0)).unwrap().to_float(),
            -0.666_666_666_666_666_7
        );
        assert_eq!(of(1e300).mul(&of(1e300)).to_float(), f64::INFINITY);
        assert_eq!(of(1e-300).add(&of(1e300)).to_float(), 1e300);
        assert!(of(1.0).div(&of(0.0)).is_err());
        assert!(Decimal::from_float(f64::NAN).is_err());
    }
}
