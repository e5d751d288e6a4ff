//! The families inside the binary: one for each file of `derivations/families/`, listed when it is built.

/// A family's file, as it was when the binary was built.
#[derive(Clone, Copy, Debug)]
pub struct Embedded {
    /// The name of the file without `.md`, and of the family in it.
    pub name: &'static str,
    /// The whole Markdown text.
    pub text: &'static str,
}

/// All of them, by name.
pub static EMBEDDED: &[Embedded] = include!(concat!(env!("OUT_DIR"), "/families.rs"));

/// The embedded family of this name.
pub fn find(name: &str) -> Option<&'static Embedded> {
    EMBEDDED.iter().find(|e| e.name == name)
}
