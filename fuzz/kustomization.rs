//! Any folder as a kustomization: it builds or says why not, always the same way, and what it prints is YAML.
//!
//! The text is one or more files, see [`fleet_fuzz::files`]; the first is `app/kustomization.yaml`.
#![no_main]

use fleet_fuzz::{all_read_back, files, same};
use fleet_kustomize::{Options, Order, build};
use fleet_yaml::Duplicates;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let files = files(text, "app/kustomization.yaml");
    for order in [Order::Fifo, Order::Legacy] {
        let options = Options {
            order,
            ..Options::default()
        };
        let run = || build(&files, "app", &options, Vec::new()).map_err(|error| error.to_string());
        let built = run();
        let printed = |built: &Result<fleet_kustomize::Built, String>| match built {
            Ok(built) => Ok(built.to_yaml()),
            Err(error) => Err(error.clone()),
        };
        assert_eq!(printed(&run()), printed(&built), "a second build differs");
        let Ok(built) = built else {
            continue;
        };
        for object in &built.objects {
            if all_read_back(&object.value) {
                let written = fleet_yaml::to_string(&object.value);
                match fleet_yaml::from_str(&written, Duplicates::Refuse) {
                    Ok(again) => assert!(same(&again, &object.value), "{written:?}"),
                    Err(error) => panic!("{error}: {written:?}"),
                }
            }
        }
    }
});
