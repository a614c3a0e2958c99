//! `images`

use std::rc::Rc;

use fleet_template::functions::regex::Regex;

use super::{about, set_scalar};
use crate::error::{Error, Result};
use crate::field::{WrongKind, text};
use crate::fieldspec::{self, Create, FieldSpec};
use crate::kustomization;
use crate::node::Node;
use crate::resmap::ResMap;

/// Gives an image another name, tag or digest.
#[derive(Clone, Debug)]
pub(crate) struct Image {
    args: kustomization::Image,
    pattern: Regex,
    specs: Rc<[FieldSpec]>,
}

type FieldResult = std::result::Result<(), fieldspec::Error>;

impl Image {
    /// An image and the fields that may hold it, besides those of containers.
    ///
    /// # Errors
    /// If the name is no regular expression.
    pub(crate) fn new(args: kustomization::Image, specs: Rc<[FieldSpec]>) -> Result<Self> {
        // Tags may have braces: Bazel's rules_k8s write them.
        let pattern = format!(
            "^{}(:[a-zA-Z0-9_.{{}}-]*)?(@sha256:[a-zA-Z0-9_.{{}}-]*)?$",
            args.name
        );
        let pattern = Regex::new(&pattern).map_err(|error| {
            let message = format!("image name `{}` is no pattern: {error}", args.name);
            Error::new("kustomize/invalid", message).field("name")
        })?;
        Ok(Self {
            args,
            pattern,
            specs,
        })
    }

    /// Changes the objects.
    ///
    /// # Errors
    /// If something that should be a container or an image is something else.
    pub(crate) fn apply(&self, map: &mut ResMap) -> Result<()> {
        for item in map.items_mut() {
            if item.gvk().kind != "CustomResourceDefinition" {
                self.walk(&mut item.node)
                    .map_err(|error| about(item, error))?;
            }
        }
        for item in map.items_mut() {
            if item.gvk().kind == "CustomResourceDefinition" {
                continue;
            }
            let gvk = item.gvk().clone();
            for spec in self.specs.iter() {
                let mut set = |node: &mut Node| self.set(node);
                fieldspec::apply(spec, &gvk, &mut item.node, &Create::Nothing, &mut set)
                    .map_err(|error| about(item, error))?;
            }
        }
        Ok(())
    }

    /// Looks for `containers` and `initContainers` at any depth.
    fn walk(&self, node: &mut Node) -> FieldResult {
        match node {
            Node::Scalar(_) => Ok(()),
            Node::Sequence(items) => items.iter_mut().try_for_each(|item| self.walk(item)),
            Node::Mapping(mapping) => {
                for (key, value) in mapping.iter_mut() {
                    self.walk(value)?;
                    if let ("containers" | "initContainers", Node::Sequence(containers)) =
                        (key, value)
                    {
                        for container in containers {
                            WrongKind::unless_mapping(container)?;
                            if let Some(image) = container.get_mut("image") {
                                self.set(image)?;
                            }
                        }
                    }
                }
                Ok(())
            }
        }
    }

    fn set(&self, node: &mut Node) -> FieldResult {
        if !matches!(node, Node::Scalar(_)) {
            return Err(WrongKind::new("ScalarNode", node).into());
        }
        let image = text(node);
        if !self.pattern.is_match(image) {
            return Ok(());
        }
        let renamed = self.renamed(image);
        set_scalar(node, renamed)
    }

    fn renamed(&self, image: &str) -> String {
        let (name, tag, digest) = split(image);
        let args = &self.args;
        let name = if args.new_name.is_empty() {
            name
        } else {
            &args.new_name
        };
        let suffixed = format!("{tag}{}", args.tag_suffix);
        // A new tag or digest replaces both old ones.
        let (tag, digest) = match (args.new_tag.as_str(), args.digest.as_str()) {
            ("", "") if args.tag_suffix.is_empty() => (tag, digest),
            ("", "") => (suffixed.as_str(), ""),
            (tag, digest) => (tag, digest),
        };
        let mut renamed = name.to_owned();
        for (separator, part) in [(':', tag), ('@', digest)] {
            if !part.is_empty() {
                renamed.push(separator);
                renamed.push_str(part);
            }
        }
        renamed
    }
}

/// Name, tag and digest of an image; a port of the registry is no tag.
fn split(image: &str) -> (&str, &str, &str) {
    let start = match image.find('/') {
        Some(0) | None => 0,
        Some(slash) => slash,
    };
    let find = |c: char| image[start..].find(c).map(|n| n + start);
    match (find(':'), find('@')) {
        (None, None) => (image, "", ""),
        (colon, Some(at)) if colon.is_none_or(|colon| at < colon) => {
            (&image[..at], "", &image[at + 1..])
        }
        (Some(colon), Some(at)) => (&image[..colon], &image[colon + 1..at], &image[at + 1..]),
        (Some(colon), None) => (&image[..colon], &image[colon + 1..], ""),
        (None, Some(at)) => (&image[..at], "", &image[at + 1..]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_taken_apart() {
        for (image, expected) in [
            ("nginx", ("nginx", "", "")),
            ("nginx:1.2", ("nginx", "1.2", "")),
            ("host:5000/a/nginx", ("host:5000/a/nginx", "", "")),
            ("host:5000/nginx:1", ("host:5000/nginx", "1", "")),
            ("nginx@sha256:ab", ("nginx", "", "sha256:ab")),
            ("a/nginx:1@sha256:ab", ("a/nginx", "1", "sha256:ab")),
        ] {
            assert_eq!(split(image), expected);
        }
    }

    #[test]
    fn names_tags_and_digests_change() {
        let check = |args: kustomization::Image, image: &str, expected: &str| {
            let image_of = Image::new(args, Rc::from([])).unwrap();
            let mut node = Node::string(image);
            image_of.set(&mut node).unwrap();
            assert_eq!(node.as_str(), Some(expected));
        };
        let args = |name: &str, new_name: &str, new_tag: &str, digest: &str, tag_suffix: &str| {
            kustomization::Image {
                name: name.to_owned(),
                new_name: new_name.to_owned(),
                new_tag: new_tag.to_owned(),
                digest: digest.to_owned(),
                tag_suffix: tag_suffix.to_owned(),
            }
        };
        check(args("nginx", "", "2", "", ""), "nginx:1", "nginx:2");
        check(args("nginx", "", "2", "", ""), "my-nginx:1", "my-nginx:1");
        check(
            args("nginx", "", "2", "", ""),
            "nginx:1@sha256:ab",
            "nginx:2",
        );
        check(
            args("nginx", "n", "", "", ""),
            "nginx:1@sha256:ab",
            "n:1@sha256:ab",
        );
        check(
            args("nginx", "", "", "sha256:x", ""),
            "nginx:1",
            "nginx@sha256:x",
        );
        check(
            args("nginx", "", "3", "sha256:x", ""),
            "nginx",
            "nginx:3@sha256:x",
        );
        check(
            args("nginx", "", "", "", "-dev"),
            "nginx:1@sha256:ab",
            "nginx:1-dev",
        );
        check(args(".*/nginx", "", "2", "", ""), "a/nginx", "a/nginx:2");
    }
}
