//! The Git protocol: which references a server has, and one commit without its history.

mod fault;
mod remarks;

use std::io;
use std::num::NonZeroU32;
use std::path::Path;

use gix::ObjectId;
use gix::protocol::fetch::{self, Arguments, Negotiate, negotiate};
use gix::protocol::handshake::Ref;
use gix::protocol::ls_refs::RefPrefixes;
use gix::protocol::transport::{Protocol, Service};
use gix::protocol::{Handshake, LsRefsCommand};

use crate::budget::Budget;
use crate::connect::Connection;
use crate::reference::Advertised;
use crate::source::Remote;
use crate::{CommitId, Error, Limits};
use fault::Fault;
use remarks::Remarks;

/// How the host calls itself to Git servers; some refuse what does not begin with `git/`.
pub(crate) const USER_AGENT: &str = concat!("git/2.0 (fleet ", env!("CARGO_PKG_VERSION"), ")");

fn agent() -> gix::protocol::command::Feature {
    (
        "agent",
        Some(concat!("git/fleet-", env!("CARGO_PKG_VERSION")).into()),
    )
}

/// The references that begin with `prefix`, peeled, as the server has them now.
pub(crate) fn list(
    remote: &Remote,
    mut connection: Connection<'_>,
    prefix: &str,
) -> Result<Vec<Advertised>, Error> {
    let listed = (|| {
        let handshake = greet(&mut connection)?;
        refuse_sha256(&handshake)?;
        let refs = match handshake.refs {
            Some(refs) => refs,
            None => {
                let mut prefixes = RefPrefixes::new();
                prefixes.extend([prefix.into()]);
                LsRefsCommand::new(Some(prefixes), &handshake.capabilities, agent())
                    .invoke_blocking(
                        &mut connection.transport,
                        &mut gix::progress::Discard,
                        false,
                    )
                    .map_err(Fault::from)?
            }
        };
        // Only a courtesy to the server, which may be gone already.
        let _ = gix::protocol::indicate_end_of_interaction(&mut connection.transport, false);
        Ok(refs)
    })();
    let refs = listed.map_err(|fault: Fault| fault.about(remote, &connection))?;
    Ok(refs
        .into_iter()
        .filter_map(advertised)
        .filter(|found| found.name.starts_with(prefix))
        .collect())
}

fn advertised(found: Ref) -> Option<Advertised> {
    let (name, object, tag) = match found {
        Ref::Peeled {
            full_ref_name,
            tag,
            object,
        } => (full_ref_name, object, Some(tag)),
        Ref::Direct {
            full_ref_name,
            object,
        } => (full_ref_name, object, None),
        Ref::Symbolic {
            full_ref_name,
            object,
            tag,
            ..
        } => (full_ref_name, object, tag),
        Ref::Unborn { .. } => return None,
    };
    // A name that is not UTF-8 cannot be asked for.
    let name = String::from_utf8(name.into()).ok()?;
    Some(Advertised {
        name,
        commit: CommitId(object),
        tag,
    })
}

/// Which objects are asked for.
#[derive(Debug)]
pub(crate) struct Request {
    /// Commits or tags.
    pub(crate) wants: Vec<ObjectId>,
    /// Commits whose objects are here already.
    pub(crate) known: Vec<ObjectId>,
    /// How many commits of each line of history.
    pub(crate) depth: NonZeroU32,
    /// Whether commits come without their files, which not every server can do.
    pub(crate) commits_only: bool,
}

/// Brings objects into the bare repository `repo`, all in one round.
pub(crate) fn fetch(
    remote: &Remote,
    mut connection: Connection<'_>,
    repo: &gix::Repository,
    request: &Request,
    limits: &Limits,
    budget: &Budget<'_>,
) -> Result<(), Error> {
    let fetched = (|| {
        let mut handshake = greet(&mut connection)?;
        refuse_sha256(&handshake)?;
        if request.commits_only && !can_filter(&handshake) {
            let why = "it cannot give commits without their files".to_owned();
            return Err(Fault::Unsupported(why));
        }
        let mut wants = Wants(request);
        let packs = repo.objects.store_ref().path().join("pack");
        let outcome = fetch::Context {
            handshake: &mut handshake,
            transport: &mut connection.transport,
            user_agent: agent(),
            trace_packetlines: false,
        };
        let shallow = fetch::Shallow::DepthAtRemote(request.depth);
        let options = fetch::Options {
            shallow_file: repo.shallow_file().map_err(Fault::from)?,
            shallow: &shallow,
            tags: fetch::Tags::None,
            reject_shallow_remote: false,
        };
        let write = |reader: &mut dyn io::BufRead,
                     progress: &mut dyn gix::DynNestedProgress,
                     interrupt: &_| {
            write_pack(
                reader,
                &packs,
                progress,
                interrupt,
                repo,
                limits.max_object_bytes,
            )?;
            Ok(true)
        };
        let remarks = Remarks::default();
        let done = gix::protocol::fetch(
            &mut wants,
            write,
            remarks.clone(),
            budget.interrupt(),
            outcome,
            options,
        );
        done.map_err(|error| match error.dominant_class() {
            Some(gix::error::Class::ResourceExhaustion(_)) => {
                Fault::ObjectTooLarge(limits.max_object_bytes)
            }
            _ => match remarks.damage() {
                Some(said) => Fault::Damaged(said),
                None => Fault::Git(error),
            },
        })?;
        let _ = gix::protocol::indicate_end_of_interaction(&mut connection.transport, false);
        Ok(())
    })();
    fetched.map_err(|fault: Fault| match fault.about(remote, &connection) {
        Error::Corrupt { why, .. } if is_missing_commit(&why) => Error::RefNotFound {
            url: remote.to_string(),
            reference: format!(
                "commit {}",
                request
                    .wants
                    .first()
                    .map_or_else(String::new, ToString::to_string)
            ),
        },
        error => error,
    })
}

/// What servers answer to a commit that they do not have, or do not give out.
fn is_missing_commit(why: &str) -> bool {
    [
        "not our ref",
        "unadvertised object",
        "no such remote ref",
        "bad object",
    ]
    .iter()
    .any(|text| why.contains(text))
}

fn write_pack(
    reader: &mut dyn io::BufRead,
    folder: &Path,
    progress: &mut dyn gix::DynNestedProgress,
    interrupt: &std::sync::atomic::AtomicBool,
    repo: &gix::Repository,
    max_object_bytes: usize,
) -> gix::Result<()> {
    let options = gix::odb::pack::bundle::write::Options {
        thread_limit: Some(2),
        alloc_limit_bytes: Some(max_object_bytes),
        ..Default::default()
    };
    let bases = Some(repo.objects.clone());
    let hash = repo.object_hash();
    let written = gix::odb::pack::Bundle::write_to_directory(
        reader,
        Some(folder),
        progress,
        interrupt,
        bases,
        hash,
        options,
    )?;
    if let Some(keep) = written.keep_path {
        // The mark is for a garbage collector, and mirrors have none.
        let _ = std::fs::remove_file(keep);
    }
    Ok(())
}

/// Whether the server can leave objects out.
fn can_filter(handshake: &Handshake) -> bool {
    let capabilities = &handshake.capabilities;
    match handshake.server_protocol_version {
        Protocol::V2 => capabilities
            .capability("fetch")
            .is_some_and(|fetch| fetch.supports("filter") == Some(true)),
        Protocol::V0 | Protocol::V1 => capabilities.contains("filter"),
    }
}

/// Some objects are wanted, and some are said to be here, all in one round.
struct Wants<'a>(&'a Request);

impl Negotiate for Wants<'_> {
    fn mark_complete_and_common_ref(&mut self) -> gix::Result<negotiate::Action> {
        Ok(negotiate::Action::MustNegotiate {
            remote_ref_target_known: vec![false; self.0.wants.len()],
        })
    }

    fn add_wants(&mut self, arguments: &mut Arguments, _known: &[bool]) -> bool {
        if self.0.commits_only {
            arguments.filter("tree:0");
        }
        self.0.wants.iter().for_each(|id| arguments.want(id));
        true
    }

    fn one_round(
        &mut self,
        _state: &mut negotiate::one_round::State,
        arguments: &mut Arguments,
        _previous: Option<&fetch::Response>,
    ) -> gix::Result<(negotiate::Round, bool)> {
        let known = &self.0.known;
        known.iter().for_each(|id| arguments.have(id));
        let round = negotiate::Round {
            haves_sent: known.len(),
            in_vain: 0,
            haves_to_send: known.len(),
            previous_response_had_at_least_one_in_common: false,
        };
        Ok((round, true))
    }
}

fn greet(connection: &mut Connection<'_>) -> Result<Handshake, Fault> {
    let nobody = |_| Ok(None);
    let extra = Vec::new();
    let progress = &mut gix::progress::Discard;
    let handshake = gix::protocol::handshake(
        &mut connection.transport,
        Service::UploadPack,
        nobody,
        extra,
        progress,
    )?;
    match handshake.server_protocol_version {
        Protocol::V0 | Protocol::V1 | Protocol::V2 => Ok(handshake),
    }
}

fn refuse_sha256(handshake: &Handshake) -> Result<(), Fault> {
    let format = handshake.capabilities.capability("object-format");
    match format.as_ref().and_then(|format| format.value()) {
        None => Ok(()),
        Some(format) if format == "sha1" => Ok(()),
        Some(format) => Err(Fault::Unsupported(format!(
            "its objects are named by {format}, and only sha1 is read"
        ))),
    }
}
