//! What is drawn at random, and stays: each draw comes from the host's secret and the place of the call.

use sha2::{Digest, Sha256};

use crate::functions::encoding::base::to_base64;
use crate::functions::{Args, Call, Failure, Function};
use crate::value::{Type, Value};

const COUNT: &[Type] = &[Type::Int];

/// The functions of this module.
pub static FUNCTIONS: &[Function] = &[
    Function::new("randAlphaNum", COUNT, |call, args| {
        letters(call, args, |c| c.is_ascii_alphanumeric())
    }),
    Function::new("randAlpha", COUNT, |call, args| {
        letters(call, args, |c| c.is_ascii_alphabetic())
    }),
    Function::new("randNumeric", COUNT, |call, args| {
        letters(call, args, |c| c.is_ascii_digit())
    }),
    Function::new("randAscii", COUNT, |call, args| {
        letters(call, args, |c| (b' '..=b'~').contains(&c))
    }),
    Function::new("randBytes", COUNT, rand_bytes),
    Function::new("randInt", &[Type::Int, Type::Int], rand_int),
    Function::new("shuffle", &[Type::String], shuffle),
    Function::new("uuidv4", &[], uuid),
];

/// A stream of bytes that nobody can tell from a random one without the host's secret.
pub(super) struct Draws {
    seed: Vec<u8>,
    n_blocks: u64,
    block: Vec<u8>,
}

impl Draws {
    /// The stream of one call.
    pub(super) fn new(call: &mut Call<'_>) -> Self {
        let label = call.label();
        Self::labelled(call, &label)
    }

    /// The stream of a label.
    pub(super) fn labelled(call: &Call<'_>, label: &str) -> Self {
        Self {
            seed: call.entropy().derive(label, 32),
            n_blocks: 0,
            block: Vec::new(),
        }
    }

    fn byte(&mut self) -> u8 {
        loop {
            if let Some(byte) = self.block.pop() {
                return byte;
            }
            let counter = self.n_blocks.to_le_bytes();
            self.block = Sha256::new()
                .chain_update(&self.seed)
                .chain_update(counter)
                .finalize()
                .to_vec();
            self.n_blocks += 1;
        }
    }

    /// So many bytes.
    pub(super) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.byte())
    }

    /// A number below `n`, each as likely as the others.
    fn below(&mut self, n: u64) -> u64 {
        let most = u64::MAX - u64::MAX % n;
        loop {
            let number = u64::from_le_bytes(self.bytes());
            if number < most {
                return number % n;
            }
        }
    }
}

fn letters(call: &mut Call<'_>, args: Args<'_>, wanted: fn(u8) -> bool) -> Result<Value, Failure> {
    let n = usize::try_from(args.int(0)?).unwrap_or(0);
    call.check_size(n)?;
    let alphabet: Vec<u8> = (0..=0x7f).filter(|&c| wanted(c)).collect();
    let mut draws = Draws::new(call);
    let letter = |_| {
        let n = draws.below(alphabet.len() as u64);
        char::from(alphabet[n as usize])
    };
    Ok(Value::from((0..n).map(letter).collect::<String>()))
}

/// Bytes, in base 64.
fn rand_bytes(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let n =
        usize::try_from(args.int(0)?).map_err(|_| "runtime error: makeslice: len out of range")?;
    call.check_size(n)?;
    let mut draws = Draws::new(call);
    let bytes: Vec<u8> = (0..n).map(|_| draws.byte()).collect();
    Ok(Value::from(to_base64(&bytes)))
}

/// From the first number up to, but without, the second.
fn rand_int(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let (least, end) = (args.int(0)?, args.int(1)?);
    let n = u64::try_from(end.wrapping_sub(least)).unwrap_or(0);
    if n == 0 {
        return Err("invalid argument to Intn".into());
    }
    let drawn = Draws::new(call).below(n);
    Ok(Value::Int(least.wrapping_add_unsigned(drawn)))
}

/// The characters in another order.
fn shuffle(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = args.str(0)?;
    let mut chars: Vec<char> = text.chars().collect();
    let mut draws = Draws::new(call);
    for i in (1..chars.len()).rev() {
        let j = draws.below(i as u64 + 1) as usize;
        chars.swap(i, j);
    }
    Ok(Value::from(chars.into_iter().collect::<String>()))
}

fn uuid(call: &mut Call<'_>, _: Args<'_>) -> Result<Value, Failure> {
    let mut bytes: [u8; 16] = Draws::new(call).bytes();
    // Version 4, variant 10 (RFC 9562).
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let digits = format!("{:032x}", u128::from_be_bytes(bytes));
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|range| &digits[range]);
    Ok(Value::from(parts.join("-")))
}
