//! Where the marks of a GitRepo's commits go, and under which name.

use fleet_core::resource::GitRepo;
use fleet_forge::{Home, Project};
use fleet_source::{Location, Remote};
use url::Url;

/// The longest name of a mark, in characters: GitLab's limit on `name`.
const MAX_CONTEXT: usize = 255;

/// Where marks go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(super) project: Project,
    /// Host of the repository.
    pub(super) host: String,
    pub(super) context: String,
    pub(super) link: Option<String>,
}

impl Target {
    /// What a GitRepo says of it; none if it says nothing.
    ///
    /// # Errors
    /// With what cannot be used, for people.
    pub(crate) fn parse(repo: &GitRepo) -> Result<Option<Self>, String> {
        let Some(wanted) = &repo.spec.commit_status else {
            return Ok(None);
        };
        let remote = Remote::new(&repo.spec.repo).map_err(|error| error.to_string())?;
        let (home, host) = match remote.location() {
            Location::Http(url) => (Home::Http(url), url.host_str().unwrap_or_default()),
            Location::Ssh { host, path, .. } => (Home::Ssh { host, path }, host.as_str()),
            Location::Local(_) | Location::Daemon { .. } => {
                return Err("`spec.commitStatus`: there is no forge behind such a URL".to_owned());
            }
        };
        let project = Project::find(wanted.provider, &home, wanted.api_url.as_deref())
            .map_err(|error| format!("`spec.commitStatus`: {error}"))?;
        let context = match &wanted.context {
            Some(context) => context.clone(),
            None => format!("fleet/{}", repo.metadata.name),
        };
        if context.trim().is_empty()
            || context.chars().count() > MAX_CONTEXT
            || context.chars().any(char::is_control)
        {
            return Err(format!(
                "`spec.commitStatus.context` is empty, has control characters or more than {MAX_CONTEXT} characters"
            ));
        }
        let link = wanted.target_url.as_deref().map(link).transpose()?;
        Ok(Some(Self {
            project,
            host: host.to_owned(),
            context,
            link,
        }))
    }

    /// Names it for comparison: another name means that nothing was told there yet.
    pub(super) fn id(&self) -> String {
        let (project, context) = (&self.project, &self.context);
        let link = self.link.as_deref().unwrap_or_default();
        format!("{:?} {project} {context:?} {link}", project.kind())
    }

    /// Names the forge: all that is told to it shares its limits.
    pub(super) fn lane(&self) -> String {
        self.project.api().origin().ascii_serialization()
    }
}

/// A link that a browser opens, and that everybody may see.
fn link(text: &str) -> Result<String, String> {
    let url = Url::parse(text).ok().filter(|url| {
        matches!(url.scheme(), "https" | "http")
            && url.username().is_empty()
            && url.password().is_none()
    });
    match url {
        Some(_) if text.len() <= 2048 => Ok(text.to_owned()),
        _ => Err(
            "`spec.commitStatus.targetUrl` is not an http or https URL without a user".to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str, status: &str) -> Result<Option<Target>, String> {
        let json = format!(
            r#"{{"metadata":{{"name":"shop"}},"spec":{{"repo":"{url}","commitStatus":{status}}}}}"#
        );
        Target::parse(&serde_json::from_str(&json).unwrap())
    }

    #[test]
    fn a_target_is_found_from_the_gitrepo() {
        let check = |url: &str, status: &str, expected: &str| {
            let target = parse(url, status).unwrap().unwrap();
            assert_eq!(target.id(), expected);
        };
        check(
            "git@github.com:team/shop.git",
            r#"{"provider":"github"}"#,
            r#"GitHub team/shop at https://api.github.com/ "fleet/shop" "#,
        );
        check(
            "https://git.example.org/a/b/shop",
            r#"{"provider":"gitlab","context":"prod","targetUrl":"https://fleet.example.org/x"}"#,
            r#"GitLab a/b/shop at https://git.example.org/api/v4/ "prod" https://fleet.example.org/x"#,
        );
        let json = r#"{"metadata":{"name":"shop"},"spec":{"repo":"/srv/x"}}"#;
        let none = Target::parse(&serde_json::from_str(json).unwrap());
        assert_eq!(none, Ok(None));
    }

    #[test]
    fn what_no_forge_would_take_is_refused() {
        let check = |url: &str, status: &str, expected: &str| {
            let error = parse(url, status).unwrap_err();
            assert!(error.contains(expected), "{error}");
        };
        let github = r#"{"provider":"github"}"#;
        check("/srv/git/shop", github, "no forge");
        check("git://git.example.org/shop", github, "no forge");
        check("http://git.example.org/team/shop", github, "clear text");
        let url = "https://github.com/team/shop";
        check(url, r#"{"provider":"github","context":" "}"#, "context");
        check(
            url,
            r#"{"provider":"github","targetUrl":"javascript:1"}"#,
            "targetUrl",
        );
        check(
            url,
            r#"{"provider":"github","targetUrl":"https://u:p@x/"}"#,
            "targetUrl",
        );
        check(
            url,
            r#"{"provider":"github","apiUrl":"http://x"}"#,
            "clear text",
        );
    }
}
