//! The commands `check`, `faults`, `diagram` and `explore`, run as their users run them.

mod check;
mod command;
mod faults;
mod model;
mod usage;

use std::collections::BTreeSet;

use serde_json::Value;

pub(crate) fn keys(value: &Value) -> BTreeSet<&str> {
    let object = value.as_object().expect("an object");
    object.keys().map(String::as_str).collect()
}

pub(crate) fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().expect("a list")
}

pub(crate) fn assert_trace(value: &Value) {
    let steps = list(value, "trace");
    for (number, step) in (1..).zip(steps) {
        assert_eq!(
            keys(step),
            BTreeSet::from(["action", "cycle", "state", "step"])
        );
        assert_eq!(step["step"], number);
    }
}
