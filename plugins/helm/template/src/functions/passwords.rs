//! Passwords: hashed, derived, and used to encrypt.

use aes::Aes256;
use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::functions::encoding::base::{from_base64, to_base64};
use crate::functions::random::Draws;
use crate::functions::{Args, Call, Failure, Function};
use crate::text::Text;
use crate::value::{Type, Value};

const TEXT: &[Type] = &[Type::String];
const TWO: &[Type] = &[Type::String, Type::String];

/// The functions of this module.
pub static FUNCTIONS: &[Function] = &[
    Function::new("bcrypt", TEXT, |call, args| {
        Ok(Value::from(bcrypt(call, args.text(0)?.as_bytes())))
    }),
    Function::new("htpasswd", TWO, htpasswd),
    Function::new(
        "derivePassword",
        &[
            // `uint32` in Go.
            Type::Uint64,
            Type::String,
            Type::String,
            Type::String,
            Type::String,
        ],
        derive_password,
    ),
    Function::new("encryptAES", TWO, encrypt),
    Function::new("decryptAES", TWO, decrypt),
];

/// Go's default.
const BCRYPT_COST: u32 = 10;

/// The hash, or in its place why there is none.
fn bcrypt(call: &mut Call<'_>, password: &[u8]) -> String {
    if password.len() > 72 {
        return "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes"
            .to_owned();
    }
    let salt = Draws::new(call).bytes();
    // The end of the text counts as a byte of the password.
    let password = [password, &[0]].concat();
    let hash = bcrypt::bcrypt(BCRYPT_COST, salt, &password);
    // One byte of the hash is never shown.
    let (salt, hash) = (bcrypt_digits(&salt), bcrypt_digits(&hash[..23]));
    format!("$2a${BCRYPT_COST:02}${salt}{hash}")
}

/// Base 64 in bcrypt's own alphabet, without padding.
fn bcrypt_digits(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let mut three = [0; 4];
        three[1..=chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes(three);
        for n in 0..=chunk.len() {
            let digit = bits >> (18 - 6 * n) & 63;
            out.push(char::from(DIGITS[digit as usize]));
        }
    }
    out
}

fn htpasswd(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let (user, password) = (args.str(0)?, args.text(1)?);
    if user.contains(':') {
        return Ok(Value::from(format!("invalid username: {user}")));
    }
    let hash = bcrypt(call, password.as_bytes());
    Ok(Value::from(format!("{user}:{hash}")))
}

const SCOPE: &str = "com.lyndir.masterpassword";

/// The patterns of a kind of password.
fn patterns(kind: &str) -> Option<&'static [&'static str]> {
    Some(match kind {
        "maximum" => &["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"],
        "long" => &[
            "CvcvnoCvcvCvcv",
            "CvcvCvcvnoCvcv",
            "CvcvCvcvCvcvno",
            "CvccnoCvcvCvcv",
            "CvccCvcvnoCvcv",
            "CvccCvcvCvcvno",
            "CvcvnoCvccCvcv",
            "CvcvCvccnoCvcv",
            "CvcvCvccCvcvno",
            "CvcvnoCvcvCvcc",
            "CvcvCvcvnoCvcc",
            "CvcvCvcvCvccno",
            "CvccnoCvccCvcv",
            "CvccCvccnoCvcv",
            "CvccCvccCvcvno",
            "CvcvnoCvccCvcc",
            "CvcvCvccnoCvcc",
            "CvcvCvccCvccno",
            "CvccnoCvcvCvcc",
            "CvccCvcvnoCvcc",
            "CvccCvcvCvccno",
        ],
        "medium" => &["CvcnoCvc", "CvcCvcno"],
        "short" => &["Cvcn"],
        "basic" => &["aaanaaan", "aannaaan", "aaannaaa"],
        "pin" => &["nnnn"],
        _ => return None,
    })
}

/// The characters that a letter of a pattern stands for.
fn alphabet(letter: u8) -> &'static [u8] {
    match letter {
        b'V' => b"AEIOU",
        b'C' => b"BCDFGHJKLMNPQRSTVWXYZ",
        b'v' => b"aeiou",
        b'c' => b"bcdfghjklmnpqrstvwxyz",
        b'a' => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
        b'n' => b"0123456789",
        b'o' => b"@&%?,=[]_:-+*$#!'^~;()/.",
        _ => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
    }
}

/// The Master Password algorithm (<https://masterpassword.app/masterpassword-algorithm.pdf>).
fn derive_password(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let counter =
        u32::try_from(args.int(0)?).map_err(|_| "the counter does not fit into 32 bits")?;
    let (kind, password) = (args.str(1)?, args.text(2)?.as_bytes());
    let (user, site) = (args.text(3)?.as_bytes(), args.text(4)?.as_bytes());
    let Some(patterns) = patterns(&kind) else {
        let message = format!("cannot find password template {kind}");
        return Ok(Value::from(message));
    };
    let salted = |text: &[u8], end: &[u8]| {
        let length = (text.len() as u32).to_be_bytes();
        [SCOPE.as_bytes(), &length, text, end].concat()
    };
    let params = scrypt::Params::new(15, 8, 2).expect("the parameters are in range");
    let mut key = [0; 64];
    scrypt::scrypt(password, &salted(user, &[]), &params, &mut key)
        .expect("scrypt yields keys of 64 bytes");
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("HMAC takes keys of any size");
    mac.update(&salted(site, &counter.to_be_bytes()));
    let seed = mac.finalize().into_bytes();
    let pattern = patterns[usize::from(seed[0]) % patterns.len()];
    let letters = pattern.bytes().zip(&seed[1..]).map(|(letter, &b)| {
        let alphabet = alphabet(letter);
        char::from(alphabet[usize::from(b) % alphabet.len()])
    });
    Ok(Value::from(letters.collect::<String>()))
}

const BLOCK: usize = 16;

/// The password itself is the key: cut off, or filled with zeros.
fn aes_key(password: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    let n = password.len().min(32);
    key[..n].copy_from_slice(&password[..n]);
    key
}

/// AES-256 in CBC mode: the initial vector and the text, in base 64.
fn encrypt(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let (password, text) = (args.text(0)?.as_bytes(), args.text(1)?.as_bytes());
    if text.is_empty() {
        return Ok(Value::from(""));
    }
    let cipher = Aes256::new(&aes_key(password).into());
    let mut previous: [u8; BLOCK] = Draws::new(call).bytes();
    let mut out = previous.to_vec();
    // The last block is filled up with the number of bytes that it lacks (PKCS#7).
    let n_padding = BLOCK - text.len() % BLOCK;
    let padded = [text, &vec![n_padding as u8; n_padding]].concat();
    for block in padded.as_chunks::<BLOCK>().0 {
        let mut mixed = xor(*block, previous).into();
        cipher.encrypt_block(&mut mixed);
        previous = mixed.into();
        out.extend(previous);
    }
    Ok(Value::from(to_base64(&out)))
}

fn xor(a: [u8; BLOCK], b: [u8; BLOCK]) -> [u8; BLOCK] {
    std::array::from_fn(|i| a[i] ^ b[i])
}

fn decrypt(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let (password, text) = (args.text(0)?.as_bytes(), args.text(1)?.as_bytes());
    if text.is_empty() {
        return Ok(Value::from(""));
    }
    let bytes = from_base64(text)?;
    let Some((start, encrypted)) = bytes.split_first_chunk::<BLOCK>() else {
        let n = bytes.len();
        let message = format!("runtime error: slice bounds out of range [:16] with capacity {n}");
        return Err(message.into());
    };
    let (blocks, []) = encrypted.as_chunks::<BLOCK>() else {
        return Err("crypto/cipher: input not full blocks".into());
    };
    let cipher = Aes256::new(&aes_key(password).into());
    let mut previous = *start;
    let mut decrypted = Vec::with_capacity(encrypted.len());
    for block in blocks {
        let mut mixed = (*block).into();
        cipher.decrypt_block(&mut mixed);
        decrypted.extend(xor(mixed.into(), previous));
        previous = *block;
    }
    let Some(&n_padding) = decrypted.last() else {
        return Err("runtime error: index out of range [-1]".into());
    };
    let length = decrypted.len() as i64 - i64::from(n_padding);
    match usize::try_from(length) {
        Ok(length) => decrypted.truncate(length),
        Err(_) => {
            return Err(format!("runtime error: slice bounds out of range [:{length}]").into());
        }
    }
    Ok(Value::from(Text::from(decrypted)))
}
