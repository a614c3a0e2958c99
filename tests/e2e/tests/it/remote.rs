//! Charts that lie outside the repository: fetched by the host, the same for one commit, and no danger when they are gone.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use fleet_test_e2e::agent::{Agent, Target, files};
use fleet_test_e2e::host::Host;
use fleet_test_e2e::repo::Repo;
use fleet_test_e2e::wait::{LONG, until};

use crate::stage::{TEAM, config_map, gitrepo};

/// A repository of charts that can go away and come back on the same port.
struct Charts {
    dir: tempfile::TempDir,
    address: SocketAddr,
    files: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    versions: Vec<String>,
    running: Option<(Arc<AtomicBool>, JoinHandle<()>)>,
}

impl Charts {
    fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let mut charts = Self {
            dir: tempfile::tempdir().unwrap(),
            address: listener.local_addr().unwrap(),
            files: Arc::default(),
            versions: Vec::new(),
            running: None,
        };
        charts.serve(listener);
        charts
    }

    fn serve(&mut self, listener: TcpListener) {
        let (stop, files) = (Arc::new(AtomicBool::new(false)), Arc::clone(&self.files));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                let Ok(mut stream) = stream else {
                    continue;
                };
                let mut request = Vec::new();
                let mut byte = [0];
                while !request.ends_with(b"\r\n\r\n")
                    && stream.read(&mut byte).is_ok_and(|n| n == 1)
                {
                    request.push(byte[0]);
                }
                let request = String::from_utf8_lossy(&request).into_owned();
                let path = request.split(' ').nth(1).unwrap_or_default();
                let found = files.lock().unwrap().get(path).cloned();
                let (status, body) = match found {
                    Some(body) => ("200 OK", body),
                    None => ("404 Not Found", Vec::new()),
                };
                let head = format!(
                    "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    body.len()
                );
                // Whoever hangs up does not want it.
                let _ = stream
                    .write_all(head.as_bytes())
                    .and_then(|()| stream.write_all(&body));
            }
        });
        self.running = Some((stop, thread));
    }

    fn stop(&mut self) {
        if let Some((stop, thread)) = self.running.take() {
            stop.store(true, Ordering::Relaxed);
            // Wakes it, so that it sees that it is to stop.
            let _ = std::net::TcpStream::connect(self.address);
            thread.join().unwrap();
        }
    }

    fn come_back(&mut self) {
        self.serve(TcpListener::bind(self.address).unwrap());
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Adds a version of the chart `web`, which says its version in a ConfigMap.
    fn publish(&mut self, version: &str) {
        let write = |path: &str, text: String| {
            let path = self.dir.path().join("web").join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write(
            "Chart.yaml",
            format!("apiVersion: v2\nname: web\nversion: {version}\n"),
        );
        write(
            "templates/map.yaml",
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {chart: \"v{{ .Chart.Version }}\"}\n".to_owned(),
        );
        let packed = self.dir.path().join("web.tgz");
        let status = Command::new("tar")
            .arg("-czf")
            .arg(&packed)
            .arg("-C")
            .arg(self.dir.path())
            .arg("web")
            .status();
        assert!(status.unwrap().success());
        self.versions.push(version.to_owned());
        let mut index = "apiVersion: v1\nentries:\n  web:\n".to_owned();
        for version in &self.versions {
            index.push_str(&format!(
                "  - {{version: {version}, urls: [web-{version}.tgz]}}\n"
            ));
        }
        let mut files = self.files.lock().unwrap();
        files.insert("/index.yaml".to_owned(), index.into_bytes());
        files.insert(
            format!("/web-{version}.tgz"),
            std::fs::read(packed).unwrap(),
        );
    }
}

impl Drop for Charts {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Waits until something that is applied has a text.
fn wait_landed(host: &mut Host, folder: &Path, text: &str) {
    let result = until(&format!("{text} is applied"), LONG, || {
        host.check()?;
        let landed = files(folder)?;
        let there = landed.values().any(|content| content.contains(text));
        Ok(if there {
            Ok(())
        } else {
            Err(format!("{landed:?}"))
        })
    });
    result.unwrap_or_else(|error| panic!("{error:#}\nhost:\n{}", host.log()));
}

/// Without this a chart repository could change, or take away, what runs.
#[test]
fn a_chart_from_elsewhere_stays_what_it_was_for_a_commit_and_its_absence_stops_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut charts = Charts::start();
    charts.publish("1.0.0");
    let repo = Repo::create(dir.path(), "repo").unwrap();
    let recipe = |version: &str| {
        format!(
            "helm: {{repo: '{}', chart: web, version: '{version}', releaseName: web}}\n",
            charts.url()
        )
    };
    repo.write("app/fleet.yaml", &recipe("^1")).unwrap();
    repo.write("plain/a.yaml", &config_map("a", "one")).unwrap();
    let first = repo.commit("first").unwrap();
    let higher = recipe(">=1.2");

    let mut host = Host::start(
        &dir.path().join("host"),
        &["--plain-http-host", "127.0.0.1"],
    )
    .unwrap();
    let landed = dir.path().join("landed");
    std::fs::create_dir_all(&landed).unwrap();
    let join = host.token("dev", &[]).unwrap();
    let _agent = Agent::start(
        "dev",
        &dir.path().join("dev"),
        join,
        Target::Directory(landed.clone()),
    )
    .unwrap();
    host.apply(&gitrepo(&repo.url(), &["app", "plain"]))
        .unwrap();
    host.wait_ready(TEAM, &first, 2).unwrap();
    wait_landed(&mut host, &landed, "v1.0.0");

    // A newer version is for the next commit, even if the host starts anew.
    charts.publish("1.1.0");
    host.restart().unwrap();
    host.wait_ready(TEAM, &first, 2).unwrap();
    wait_landed(&mut host, &landed, "v1.0.0");
    repo.write("plain/a.yaml", &config_map("a", "two")).unwrap();
    let second = repo.commit("second").unwrap();
    host.wait_ready(TEAM, &second, 2).unwrap();
    wait_landed(&mut host, &landed, "v1.1.0");

    charts.stop();
    repo.write("app/fleet.yaml", &higher).unwrap();
    repo.write("plain/a.yaml", &config_map("a", "three"))
        .unwrap();
    repo.commit("third").unwrap();
    let problem = host
        .wait_problem(TEAM, &["RemoteUnavailable"], LONG)
        .unwrap();
    assert!(
        problem.message.contains("`app`") && problem.message.contains("#web@>=1.2"),
        "{problem:?}"
    );
    assert!(problem.place.starts_with("app/fleet.yaml"), "{problem:?}");
    wait_landed(&mut host, &landed, "three");
    wait_landed(&mut host, &landed, "v1.1.0");

    charts.publish("1.2.0");
    charts.come_back();
    wait_landed(&mut host, &landed, "v1.2.0");
    host.wait_problem(TEAM, &["RemoteUnavailable"], Duration::ZERO)
        .unwrap_err();
}
