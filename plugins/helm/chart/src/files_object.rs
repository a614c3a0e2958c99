//! `.Files`: the other files of a chart, each read when a template looks at it.

use std::any::Any;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use base64::Engine as _;
use fleet_core::files::Files;
use fleet_template::Text;
use fleet_template::functions::{Call, Failure};
use fleet_template::value::{List, Map, Method, Named, Source, Type, Value};

use crate::chart::{Content, File};
use crate::error::Error;
use crate::glob::Glob;
use crate::gopath;
use crate::load::read_content;

/// Where the first error of reading a file is kept: a template cannot be told of it.
pub(crate) type ReadErrors = Rc<RefCell<Option<Error>>>;

/// The `.Files` of a chart.
pub(crate) fn files_object(reader: &Rc<dyn Files>, files: &[File], errors: &ReadErrors) -> Value {
    let contents = files
        .iter()
        .map(|file| (file.name.clone(), file.content.clone()));
    object(FileSource {
        reader: Rc::clone(reader),
        contents: contents.collect(),
        errors: Rc::clone(errors),
    })
}

fn object(source: FileSource) -> Value {
    Value::Map(Map::lazy_named(&FILES, Type::BYTES, Rc::new(source)))
}

static FILES: Named = Named {
    name: "engine.files",
    methods: &[
        Method::new("Get", &[Type::String], |_, files, args| {
            let content = content(files, args);
            Ok(Value::String(Text::from(
                content.as_deref().unwrap_or_default(),
            )))
        }),
        Method::new("GetBytes", &[Type::String], |_, files, args| {
            Ok(Value::Bytes(content(files, args).unwrap_or_default()))
        }),
        Method::new("Glob", &[Type::String], glob),
        Method::new("AsConfig", &[], |_, files, _| {
            Ok(as_yaml(files, |content| {
                String::from_utf8_lossy(content).into_owned()
            }))
        }),
        Method::new("AsSecrets", &[], |_, files, _| {
            Ok(as_yaml(files, |content| {
                base64::engine::general_purpose::STANDARD.encode(content)
            }))
        }),
        Method::new("Lines", &[Type::String], lines),
    ],
};

struct FileSource {
    reader: Rc<dyn Files>,
    contents: BTreeMap<String, Content>,
    errors: ReadErrors,
}

impl FileSource {
    fn read(&self, content: &Content) -> Value {
        match read_content(&self.reader, content) {
            Ok(bytes) => Value::Bytes(bytes),
            Err(error) => {
                self.errors.borrow_mut().get_or_insert(error);
                Value::Bytes(Rc::default())
            }
        }
    }
}

impl Source for FileSource {
    fn get(&self, key: &str) -> Option<Value> {
        self.contents.get(key).map(|content| self.read(content))
    }

    fn entries(&self) -> Vec<(Text, Value)> {
        let read = |(name, content): (&String, _)| (Text::from(name.as_str()), self.read(content));
        self.contents.iter().map(read).collect()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn content(files: &Value, args: &[Value]) -> Option<Rc<[u8]>> {
    let name = args.first()?.as_text()?;
    match files.as_map()?.get(name) {
        Some(Value::Bytes(bytes)) => Some(bytes),
        _ => None,
    }
}

fn glob(_: &mut Call<'_>, files: &Value, args: &[Value]) -> Result<Value, Failure> {
    let pattern = args.first().and_then(Value::as_text);
    let pattern = pattern.map(|text| text.to_str().into_owned());
    // A pattern that cannot be read fits everything.
    let glob = Glob::parse(&pattern.unwrap_or_default()).unwrap_or_else(Glob::everything);
    let source = files.as_map().and_then(Map::source);
    let Some(source) = source.and_then(|source| source.as_any().downcast_ref::<FileSource>())
    else {
        return Err(Failure::new("these files cannot be searched"));
    };
    let fitting = source
        .contents
        .iter()
        .filter(|(name, _)| glob.matches(name));
    Ok(object(FileSource {
        reader: Rc::clone(&source.reader),
        contents: fitting
            .map(|(name, content)| (name.clone(), content.clone()))
            .collect(),
        errors: Rc::clone(&source.errors),
    }))
}

/// The files under their names without folders, as YAML without the last line feed.
fn as_yaml(files: &Value, say: fn(&[u8]) -> String) -> Value {
    let entries = files.as_map().map(Map::entries).unwrap_or_default();
    let map: serde_json::Map<String, serde_json::Value> = entries
        .into_iter()
        .filter_map(|(name, content)| match content {
            Value::Bytes(bytes) => {
                let name = gopath::base(&name.to_str()).to_owned();
                Some((name, say(&bytes).into()))
            }
            _ => None,
        })
        .collect();
    let mut yaml = fleet_yaml::to_string(&map.into());
    if yaml.ends_with('\n') {
        yaml.pop();
    }
    yaml.into()
}

fn lines(_: &mut Call<'_>, files: &Value, args: &[Value]) -> Result<Value, Failure> {
    let Some(content) = content(files, args) else {
        return Ok(Value::List(List::strings(Vec::<Value>::new())));
    };
    let content = match content.split_last() {
        // Helm looks at the last byte before it looks whether there is one.
        None => return Err(Failure::new("runtime error: index out of range [-1]")),
        Some((b'\n', rest)) => rest,
        Some(_) => &content,
    };
    let lines = content
        .split(|byte| *byte == b'\n')
        .map(|line| Value::String(Text::from(line)));
    Ok(Value::List(List::strings(lines)))
}
