//! Git over the standard input and output of a process: `ssh`, or `git upload-pack` for local repositories.

use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, PoisonError, mpsc};
use std::time::Duration;

use gix::protocol::transport::Protocol;
use gix::protocol::transport::client::git::{ConnectMode, blocking_io::Connection as Stream};

use super::Connection;
use crate::budget::{Bounded, Budget};
use crate::source::Remote;
use crate::{Error, Options};

/// What the names of folders begin with that hold the keys for one conversation.
const KEYS: &str = ".ssh-";

/// Port of SSH, assigned by IANA.
const SSH: u16 = 22;

/// Where a repository is behind SSH.
pub(super) struct SshAddress<'a> {
    pub(super) user: Option<&'a str>,
    pub(super) host: &'a str,
    pub(super) port: Option<u16>,
    pub(super) path: &'a str,
}

/// What a process wrote to its standard error, at most 16 KiB of it.
#[derive(Clone, Default)]
pub(crate) struct Complaints(Arc<(Mutex<Written>, Condvar)>);

#[derive(Default)]
struct Written {
    bytes: Vec<u8>,
    /// Whether the process has closed it, usually by ending.
    closed: bool,
}

impl Complaints {
    const MAX_BYTES: usize = 16 << 10;

    /// All of it, once the process has ended. One that goes on is waited for two seconds.
    pub(crate) fn text(&self) -> String {
        let (written, changed) = &*self.0;
        let written = written.lock().unwrap_or_else(PoisonError::into_inner);
        let (written, _) = changed
            .wait_timeout_while(written, Duration::from_secs(2), |written| !written.closed)
            .unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&written.bytes).into_owned()
    }

    /// Takes in all that the process will write.
    fn take_from(&self, mut stderr: impl Read) {
        let (written, changed) = &*self.0;
        let lock = || written.lock().unwrap_or_else(PoisonError::into_inner);
        let mut buffer = [0; 1024];
        while let Ok(n_bytes @ 1..) = stderr.read(&mut buffer) {
            let mut written = lock();
            let room = Self::MAX_BYTES.saturating_sub(written.bytes.len());
            written.bytes.extend(&buffer[..n_bytes.min(room)]);
        }
        lock().closed = true;
        changed.notify_all();
    }
}

pub(super) fn local<'a>(
    remote: &Remote,
    git: &Path,
    path: &Path,
    budget: &'a Budget<'a>,
) -> Result<Connection<'a>, Error> {
    let mut command = Command::new(git);
    // `upload-pack` is made for serving repositories of others: it runs none of their hooks and configuration.
    command
        .args(["-c", "safe.directory=*"])
        // What other servers can do too: give commits without their files.
        .args(["-c", "uploadpack.allowFilter=true", "upload-pack"])
        .arg(path);
    start(remote, command, path.as_os_str(), Vec::new(), budget)
}

pub(super) fn ssh<'a>(
    remote: &Remote,
    options: &Options,
    folder: &Path,
    address: &SshAddress<'_>,
    budget: &'a Budget<'a>,
) -> Result<Connection<'a>, Error> {
    let credentials = remote.credentials();
    let refuse = |why: String| Error::Credential {
        name: remote.to_string(),
        why,
    };
    let Some(key) = &credentials.ssh_key else {
        return Err(refuse(
            "SSH needs a key, and the secret has no `ssh-privatekey`".to_owned(),
        ));
    };
    let known_hosts = match (&credentials.known_hosts, &options.known_hosts) {
        (Some(known_hosts), _) => known_hosts.clone(),
        (None, Some(file)) => std::fs::read_to_string(file)
            .map_err(|error| refuse(format!("could not read `{}`: {error}", file.display())))?,
        (None, None) => {
            return Err(Error::HostKeyMismatch {
                url: remote.to_string(),
                why: "no host key is known: the secret has no `known_hosts`, and the host no `--git-known-hosts`".to_owned(),
            });
        }
    };
    let port = address.port.unwrap_or(SSH);
    let at = match *super::resolve(remote, address.host, port)? {
        [only] => only,
        // `ssh` is given one address; a server that has several may not be reached at each.
        ref several => super::dial(remote, several, budget)?.0,
    };
    // `ssh` reads both from files only, and wants the key to be readable by nobody else.
    let folder = tempfile::Builder::new()
        .prefix(KEYS)
        .tempdir_in(folder)
        .map_err(|error| refuse(error.to_string()))?;
    let write = |name: &str, content: &str| {
        let path = folder.path().join(name);
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let newline = if content.ends_with('\n') { "" } else { "\n" };
        let written = options
            .open(&path)
            .and_then(|mut file| write!(file, "{content}{newline}"));
        written
            .map(|()| path)
            .map_err(|error| refuse(error.to_string()))
    };
    let key = write("key", key.reveal())?;
    let known_hosts = write("known_hosts", &known_hosts)?;
    let option = |name: &str, path: &Path| {
        let mut option = std::ffi::OsString::from(format!("-o{name}="));
        option.push(path);
        option
    };
    let mut command = Command::new(&options.ssh);
    // No file of the system or the user has a say, no agent is asked, nobody is prompted.
    command.args([
        "-F",
        "none",
        "-T",
        "-oBatchMode=yes",
        "-oIdentitiesOnly=yes",
        "-oIdentityAgent=none",
    ]);
    command.args([
        "-oStrictHostKeyChecking=yes",
        "-oGlobalKnownHostsFile=none",
        "-oUpdateHostKeys=no",
    ]);
    command.args([
        "-oPreferredAuthentications=publickey",
        "-oForwardAgent=no",
        "-oSendEnv=GIT_PROTOCOL",
    ]);
    command.arg(format!(
        "-oConnectTimeout={}",
        budget.connect_timeout.as_secs().max(1)
    ));
    command
        .arg(option("UserKnownHostsFile", &known_hosts))
        .arg(option("IdentityFile", &key));
    // What was resolved here is what is dialled, and the host key is still looked up by the name.
    command
        .arg(format!("-oHostName={}", at.ip()))
        .arg(format!("-oHostKeyAlias={}", known_as(address.host, port)))
        .arg("-oCheckHostIP=no")
        .arg(format!("-p{port}"));
    if let Some(user) = address.user {
        command.arg(format!("-l{user}"));
    }
    command
        .arg("--")
        .arg(address.host)
        .arg(format!("git-upload-pack {}", quoted(address.path)));
    start(
        remote,
        command,
        OsStr::new(address.path),
        vec![folder],
        budget,
    )
}

/// Whether a folder beside the mirrors holds keys for a conversation that may go on.
pub(crate) fn is_in_use(name: &str) -> bool {
    name.starts_with(KEYS)
}

/// Removes the keys that a process left behind which was killed in a conversation.
pub(crate) fn remove_leftovers(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_str().is_some_and(is_in_use) {
            // What stays is readable by this user only, and tried again with the next start.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// How a server is named in `known_hosts`.
fn known_as(host: &str, port: u16) -> String {
    let host = host.to_ascii_lowercase();
    match port {
        SSH => host,
        port => format!("[{host}]:{port}"),
    }
}

/// For the shell on the other side, which reads the one argument that SSH sends.
fn quoted(path: &str) -> String {
    format!("'{}'", path.replace('\'', r"'\''").replace('!', r"'\!'"))
}

fn start<'a>(
    remote: &Remote,
    mut command: Command,
    path: &OsStr,
    folders: Vec<tempfile::TempDir>,
    budget: &'a Budget<'a>,
) -> Result<Connection<'a>, Error> {
    command
        .env_clear()
        .env("GIT_PROTOCOL", "version=2")
        .env("LC_ALL", "C");
    command
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_TERMINAL_PROMPT", "0");
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let program = command.get_program().to_string_lossy().into_owned();
    let failed = |error: io::Error| Error::Unsupported {
        url: remote.to_string(),
        why: format!("the program `{program}` does not start: {error}"),
    };
    let mut child = command.spawn().map_err(failed)?;
    let taken = "it was asked to be piped, and is taken once";
    let stdin = child.stdin.take().expect(taken);
    let stdout = child.stdout.take().expect(taken);
    let stderr = child.stderr.take().expect(taken);
    let complaints = Complaints::default();
    {
        let complaints = complaints.clone();
        std::thread::spawn(move || complaints.take_from(stderr));
    }
    let process = Process {
        child: Arc::new(Mutex::new(child)),
        _folders: folders,
    };
    let reader = Bounded {
        inner: Output::new(stdout),
        budget,
    };
    let transport = Stream::new(
        reader,
        Input {
            stdin,
            _process: process,
        },
        Protocol::V2,
        path.as_encoded_bytes(),
        None::<(&str, _)>,
        ConnectMode::Process,
        false,
    );
    Ok(Connection {
        transport: Box::new(transport),
        complaints: Some(complaints),
    })
}

/// A process that ends when it is dropped, and the files that it was given.
struct Process {
    child: Arc<Mutex<Child>>,
    _folders: Vec<tempfile::TempDir>,
}

impl Drop for Process {
    fn drop(&mut self) {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        // It has nothing left to say; a kill that comes too late is no error.
        let _ = child.kill();
        let _ = child.wait();
    }
}

struct Input {
    stdin: ChildStdin,
    _process: Process,
}

impl Write for Input {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.stdin.write(bytes) {
            // It has ended, and what it said before, which tells why, is still to be read.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(bytes.len()),
            written => written,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.stdin.flush() {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            flushed => flushed,
        }
    }
}

/// Standard output of a process, read by a thread of its own, so that waiting for it can end.
struct Output {
    chunks: mpsc::Receiver<io::Result<Vec<u8>>>,
    current: io::Cursor<Vec<u8>>,
}

impl Output {
    fn new(mut stdout: ChildStdout) -> Self {
        let (sender, chunks) = mpsc::sync_channel(4);
        std::thread::spawn(move || {
            loop {
                let mut buffer = vec![0; 64 << 10];
                let chunk = match stdout.read(&mut buffer) {
                    Ok(0) => break,
                    Ok(n_bytes) => {
                        buffer.truncate(n_bytes);
                        Ok(buffer)
                    }
                    Err(error) => Err(error),
                };
                let last = chunk.is_err();
                // Nobody listening any more is the usual end.
                if sender.send(chunk).is_err() || last {
                    break;
                }
            }
        });
        Self {
            chunks,
            current: io::Cursor::default(),
        }
    }
}

impl Read for Output {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.current.position() == self.current.get_ref().len() as u64 {
            self.current = match self.chunks.recv_timeout(Duration::from_millis(100)) {
                Ok(chunk) => io::Cursor::new(chunk?),
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    return Err(io::ErrorKind::WouldBlock.into());
                }
                Err(mpsc::RecvTimeoutError::Disconnected) => return Ok(0),
            };
        }
        self.current.read(buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Without this a host that is killed would leave private keys on the disk for ever.
    #[test]
    fn keys_that_a_killed_process_left_behind_are_removed() {
        let dir = tempfile::tempdir().unwrap();
        for name in [".ssh-abc", "0123"] {
            std::fs::create_dir(dir.path().join(name)).unwrap();
            std::fs::write(dir.path().join(name).join("key"), "hunter2").unwrap();
        }
        remove_leftovers(dir.path());
        assert!(!dir.path().join(".ssh-abc").exists());
        assert!(dir.path().join("0123/key").exists());
    }

    #[test]
    fn a_server_is_known_by_its_name_and_by_a_port_of_its_own() {
        assert_eq!(known_as("Git.example.org", 22), "git.example.org");
        assert_eq!(known_as("fd00::1", 2222), "[fd00::1]:2222");
    }

    #[test]
    fn a_path_stays_one_word_in_the_shell_of_the_server() {
        assert_eq!(quoted("/a b"), "'/a b'");
        assert_eq!(quoted("a'; rm -rf x #"), r"'a'\''; rm -rf x #'");
    }
}
