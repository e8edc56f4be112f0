//! A command line that is not understood: for scripts that ask for JSON an error like any other.

use std::ffi::OsString;

use clap::error::ErrorKind;
use inlet_orchestrator::api::{ApiError, sentence};

use crate::{
    print,
    run::{Exit, Failure},
};

/// Tells what the grammar has to say, which may be the help that was asked for.
pub(crate) fn told(error: &clap::Error, given: impl Iterator<Item = OsString>) -> Exit {
    if error.use_stderr() && wants_json(given) {
        print::failure(&Failure::from(ApiError::invalid(reason(error))), true);
    } else {
        // A reader that has gone away is no error.
        let _ = error.print();
    }
    if error.use_stderr() { Exit::Usage } else { Exit::Done }
}

/// What was given was never understood, so the flag is looked for where flags can be.
fn wants_json(given: impl Iterator<Item = OsString>) -> bool {
    given.take_while(|word| word != "--").any(|word| word == "--json")
}

/// Of the reason, the tips and the usage only the reason, in one line.
fn reason(error: &clap::Error) -> String {
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return "A command is missing; --help lists them.".to_owned();
    }
    let text = error.render().to_string();
    let lines = text.lines().map(str::trim).take_while(|line| !line.is_empty()).collect::<Vec<_>>();
    sentence(&lines.join(" ").trim_start_matches("error: "))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::*;
    use crate::args::Args;

    #[test]
    fn the_grammar_is_sound() {
        Args::command().debug_assert();
    }

    #[test]
    fn a_mistake_is_told_in_one_sentence() {
        let cases: [(&[&str], &str); 5] = [
            (&["dance"], "Unrecognized subcommand 'dance'."),
            (
                &["list", "--limit", "many"],
                "Invalid value 'many' for '--limit <LIMIT>': invalid digit found in string.",
            ),
            (&["read"], "The following required arguments were not provided: <ID>..."),
            (&["outbox", "show"], "The following required arguments were not provided: <ID>."),
            (&["accounts"], "A command is missing; --help lists them."),
        ];
        for (words, told) in cases {
            let error = Args::try_parse_from([["inlet"].as_slice(), words].concat()).err().unwrap();
            assert_eq!(reason(&error), told);
        }
    }

    #[test]
    fn what_follows_two_hyphens_is_no_flag() {
        let given = |words: &[&str]| wants_json(words.iter().map(OsString::from));
        assert!(given(&["inlet", "list", "--json", "--limit", "many"]));
        assert!(!given(&["inlet", "search", "--limit", "many", "--", "--json"]));
    }
}
