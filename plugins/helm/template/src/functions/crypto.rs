//! Keys and certificates. Nothing of them is drawn here: keys come from the host, which remembers none but
//! makes the same one for the same place each time.

mod der;
mod keys;
mod pem;
mod x509;

use std::any::Any;
use std::net::IpAddr;

use fleet_core::entropy::KeyKind;

use crate::fmt;
use crate::functions::encoding::base::from_base64;
use crate::functions::random::Draws;
use crate::functions::{Args, Call, Failure, Function};
use crate::value::{Kind, List, Object, Type, Value};
use keys::PrivateKey;
use x509::{Parent, Template};

const CERTIFICATE: Type = Type::Object("sprig.certificate");

/// The functions of this module.
pub static FUNCTIONS: &[Function] = &[
    Function::new("genPrivateKey", &[Type::String], gen_private_key),
    Function::new(
        "buildCustomCert",
        &[Type::String, Type::String],
        build_custom_cert,
    ),
    Function::new("genCA", &[Type::String, Type::Int], |call, args| {
        let wanted = Wanted::ca(args)?;
        certificate(call, &wanted, None, None)
    }),
    Function::new(
        "genCAWithKey",
        &[Type::String, Type::Int, Type::String],
        |call, args| {
            let wanted = Wanted::ca(args)?;
            certificate(call, &wanted, Some(&args.str(2)?), None)
        },
    ),
    Function::new(
        "genSelfSignedCert",
        &[Type::String, Type::LIST, Type::LIST, Type::Int],
        |call, args| {
            let wanted = Wanted::leaf(args)?;
            certificate(call, &wanted, None, None)
        },
    ),
    Function::new(
        "genSelfSignedCertWithKey",
        &[
            Type::String,
            Type::LIST,
            Type::LIST,
            Type::Int,
            Type::String,
        ],
        |call, args| {
            let wanted = Wanted::leaf(args)?;
            certificate(call, &wanted, Some(&args.str(4)?), None)
        },
    ),
    Function::new(
        "genSignedCert",
        &[Type::String, Type::LIST, Type::LIST, Type::Int, CERTIFICATE],
        |call, args| {
            let wanted = Wanted::leaf(args)?;
            certificate(call, &wanted, None, args.any(4).downcast())
        },
    ),
    Function::new(
        "genSignedCertWithKey",
        &[
            Type::String,
            Type::LIST,
            Type::LIST,
            Type::Int,
            CERTIFICATE,
            Type::String,
        ],
        |call, args| {
            let wanted = Wanted::leaf(args)?;
            certificate(call, &wanted, Some(&args.str(5)?), args.any(4).downcast())
        },
    ),
];

/// sprig's `certificate`: a certificate and its private key, as PEM.
struct Certificate {
    cert: String,
    key: String,
}

impl Object for Certificate {
    fn type_name(&self) -> &str {
        "sprig.certificate"
    }

    fn kind(&self) -> Kind {
        Kind::Struct
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("Cert", Value::from(self.cert.as_str())),
            ("Key", Value::from(self.key.as_str())),
        ]
    }

    fn equal(&self, other: &dyn Object) -> bool {
        let other = other.as_any().downcast_ref::<Self>();
        other.is_some_and(|other| self.cert == other.cert && self.key == other.key)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A key of the host for a label.
fn host_key(call: &Call<'_>, label: &str, kind: KeyKind) -> Result<PrivateKey, String> {
    let text = call.entropy().private_key(label, kind);
    let block = pem::decode(&text).ok_or("the host did not give a private key")?;
    PrivateKey::from_pkcs8(&block.bytes)
}

fn gen_private_key(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let kind = match &*args.str(0)? {
        "" | "rsa" => KeyKind::Rsa4096,
        "dsa" => KeyKind::Dsa2048,
        "ecdsa" => KeyKind::EcdsaP256,
        "ed25519" => KeyKind::Ed25519,
        other => return Ok(Value::from(format!("Unknown type {other}"))),
    };
    let label = call.label();
    let key = host_key(call, &label, kind)
        .map_err(|error| format!("failed to generate private key: {error}"))?;
    Ok(Value::from(key.to_pem()))
}

fn build_custom_cert(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let decoded = |i: usize, what: &str| -> Result<String, Failure> {
        let bytes = from_base64(args.text(i)?.as_bytes())
            .map_err(|_| format!("unable to decode base64 {what}"))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    let cert = decoded(0, "certificate")?;
    let key = decoded(1, "private key")?;
    let block = pem::decode(&cert).ok_or("unable to decode certificate")?;
    Parent::parse(&block.bytes)
        .ok_or("error parsing certificate: decodedCert.Bytes: x509: malformed certificate")?;
    PrivateKey::from_pem(&key).map_err(|error| format!("error parsing private key: {error}"))?;
    Ok(Value::object(Certificate { cert, key }))
}

/// What a certificate is wanted for.
struct Wanted {
    common_name: String,
    ips: Vec<IpAddr>,
    dns_names: Vec<String>,
    days: i64,
    is_ca: bool,
}

impl Wanted {
    /// `name days`.
    fn ca(args: Args<'_>) -> Result<Self, Failure> {
        Ok(Self {
            common_name: args.str(0)?.into_owned(),
            ips: Vec::new(),
            dns_names: Vec::new(),
            days: args.int(1)?,
            is_ca: true,
        })
    }

    /// `name addresses names days`.
    fn leaf(args: Args<'_>) -> Result<Self, Failure> {
        Ok(Self {
            common_name: args.str(0)?.into_owned(),
            ips: ips(args.list(1)?)?,
            dns_names: dns_names(args.list(2)?)?,
            days: args.int(3)?,
            is_ca: false,
        })
    }
}

fn printed(value: &Value) -> Result<String, Failure> {
    let printed = fmt::sprint(std::slice::from_ref(value))?;
    Ok(String::from_utf8_lossy(&printed).into_owned())
}

fn ips(list: &List) -> Result<Vec<IpAddr>, Failure> {
    let parse = |item: &Value| {
        let Some(text) = item.as_text() else {
            let shown = printed(item)?;
            return Err(format!("error parsing ip: {shown} is not a string").into());
        };
        let text = text.to_str();
        text.parse()
            .map_err(|_| format!("error parsing ip: {text}").into())
    };
    list.iter().map(parse).collect()
}

fn dns_names(list: &List) -> Result<Vec<String>, Failure> {
    let parse = |item: &Value| match item.as_text() {
        Some(text) => Ok(text.to_string()),
        None => {
            let shown = printed(item)?;
            Err(format!("error processing alternate dns name: {shown} is not a string").into())
        }
    };
    list.iter().map(parse).collect()
}

/// Days beyond which Go's durations overflow.
const MAX_DAYS: i64 = 106_751;

/// A certificate for a key of the host, or for the given one; signed by a CA, or by its own key.
fn certificate(
    call: &mut Call<'_>,
    wanted: &Wanted,
    key: Option<&str>,
    ca: Option<&Certificate>,
) -> Result<Value, Failure> {
    let label = call.label();
    let key = match key {
        Some(pem) => {
            PrivateKey::from_pem(pem).map_err(|error| format!("parsing private key: {error}"))?
        }
        None => host_key(call, &label, KeyKind::Rsa2048)
            .map_err(|error| format!("error generating rsa key: {error}"))?,
    };
    let signer = match ca {
        None => None,
        Some(ca) => {
            let parent = Parent::from_pem(&ca.cert)?;
            let key = PrivateKey::from_pem(&ca.key)
                .map_err(|error| format!("error parsing private key: {error}"))?;
            Some((parent, key))
        }
    };
    let days = wanted.days.clamp(0, MAX_DAYS);
    // The certificate changes when its window does, and its number with it.
    let not_before = call.entropy().window(&label, days as u32);
    let serial = Draws::labelled(call, &format!("{label} serial {not_before}")).bytes();
    let not_before = i64::try_from(not_before).unwrap_or(i64::MAX / 2);
    let template = Template {
        serial,
        common_name: &wanted.common_name,
        ips: wanted.ips.clone(),
        dns_names: wanted.dns_names.clone(),
        not_before,
        not_after: not_before + days * 86_400,
        is_ca: wanted.is_ca,
    };
    let signer = signer.as_ref().map(|(parent, key)| (parent, key));
    let cert = x509::create(&template, &key, signer)
        .map_err(|error| format!("error creating certificate: {error}"))?;
    Ok(Value::object(Certificate {
        cert,
        key: key.to_pem(),
    }))
}
