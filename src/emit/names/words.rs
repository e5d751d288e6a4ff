//! The words of each language: keywords, reserved words, and names that keep their meaning in generated code.
//!
//! Sources: The Rust Reference, *Keywords* (edition 2024); ISO C 6.4.1 and 7.12 (C99, C11, C23) with the keywords and
//! alternative tokens of C++20 for headers; The Python Language Reference 3.13, 2.3.1; ECMAScript 2024, 12.7.2.

use super::{Capitals, Comments, Strings, Words};

/// Rust, edition 2024.
pub static RUST: Words = Words {
    taken: &[RUST_KEYWORDS, RUST_NAMES],
    files: &[DEVICES, &["alloc", "build", "lib", "main", "mod", "proc_macro", "test", "tests"]],
    capitals: Capitals::Lowered,
    comments: Comments { replaced: &[], parted: &[('`', '`')] },
    strings: Strings::Rust,
};

/// C99, its headers readable by C++.
pub static C: Words = Words {
    taken: &[C_KEYWORDS, CPP_KEYWORDS, C_MACROS, C_FUNCTIONS],
    files: &[DEVICES, C_HEADERS],
    capitals: Capitals::Kept,
    comments: Comments { replaced: &[('\\', "(U+005C)")], parted: &[('*', '/'), ('/', '*'), ('?', '?')] },
    strings: Strings::C,
};

/// Python 3.9 to 3.13.
pub static PYTHON: Words = Words {
    taken: &[PYTHON_KEYWORDS, PYTHON_BUILTINS, &["np", "numpy", "scipy", "special", "self"]],
    files: &[DEVICES, PYTHON_MODULES],
    capitals: Capitals::Kept,
    comments: Comments { replaced: &[('"', "'"), ('\\', "\\\\")], parted: &[('>', '>')] },
    strings: Strings::Python,
};

/// JavaScript, as a module.
pub static JAVASCRIPT: Words = Words {
    taken: &[JAVASCRIPT_KEYWORDS, JAVASCRIPT_NAMES],
    files: &[DEVICES, &["index", "node_modules", "package", "test"]],
    capitals: Capitals::Kept,
    comments: Comments {
        replaced: &[('@', "(at)")],
        parted: &[('*', '/'), ('/', '*'), ('<', '/'), ('<', '!'), ('<', 's'), ('<', 'S')],
    },
    strings: Strings::JavaScript,
};

/// Names of devices that cannot name files on every system.
#[rustfmt::skip]
static DEVICES: &[&str] = &[
    "aux", "com0", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "con", "conin", "conout",
    "lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "nul", "prn",
];

#[rustfmt::skip]
static RUST_KEYWORDS: &[&str] = &[
    "Self", "_", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match",
    "mod", "move", "mut", "override", "priv", "pub", "raw", "ref", "return", "safe", "self", "static", "struct", "super",
    "trait", "true", "try", "type", "typeof", "union", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Primitive types and crates.
#[rustfmt::skip]
static RUST_NAMES: &[&str] = &[
    "bool", "char", "core", "f32", "f64", "i128", "i16", "i32", "i64", "i8", "isize", "std", "str", "u128", "u16", "u32",
    "u64", "u8", "usize",
];

/// C99, C11 and C23.
#[rustfmt::skip]
static C_KEYWORDS: &[&str] = &[
    "_Alignas", "_Alignof", "_Atomic", "_BitInt", "_Bool", "_Complex", "_Decimal128", "_Decimal32", "_Decimal64",
    "_Generic", "_Imaginary", "_Noreturn", "_Static_assert", "_Thread_local", "alignas", "alignof", "asm", "auto", "bool",
    "break", "case", "char", "const", "constexpr", "continue", "default", "do", "double", "else", "enum", "extern",
    "false", "float", "for", "fortran", "goto", "if", "inline", "int", "long", "nullptr", "register", "restrict", "return",
    "short", "signed", "sizeof", "static", "static_assert", "struct", "switch", "thread_local", "true", "typedef",
    "typeof", "typeof_unqual", "union", "unsigned", "void", "volatile", "while",
];

#[rustfmt::skip]
static CPP_KEYWORDS: &[&str] = &[
    "and", "and_eq", "bitand", "bitor", "catch", "char16_t", "char32_t", "char8_t", "class", "co_await", "co_return",
    "co_yield", "compl", "concept", "const_cast", "consteval", "constinit", "decltype", "delete", "dynamic_cast",
    "explicit", "export", "final", "friend", "import", "module", "mutable", "namespace", "new", "noexcept", "not",
    "not_eq", "operator", "or", "or_eq", "override", "private", "protected", "public", "reinterpret_cast", "requires",
    "static_cast", "std", "template", "this", "throw", "try", "typeid", "typename", "using", "virtual", "wchar_t", "xor",
    "xor_eq",
];

/// Macros and types of the headers a file may see, and what compilers define without being asked.
#[rustfmt::skip]
static C_MACROS: &[&str] = &[
    "BUFSIZ", "EDOM", "EILSEQ", "EOF", "ERANGE", "EXIT_FAILURE", "EXIT_SUCCESS", "FILE", "HUGE", "HUGE_VAL", "HUGE_VALF",
    "HUGE_VALL", "I", "INFINITY", "LONG_MAX", "LONG_MIN", "MAXFLOAT", "M_E", "M_PI", "NAN", "NDEBUG", "NULL", "OVERFLOW",
    "DOMAIN", "SING", "UNDERFLOW", "PLOSS", "TLOSS", "RAND_MAX", "arm", "assert", "complex", "errno", "far", "huge",
    "i386", "imaginary", "linux", "mips", "near", "offsetof", "ptrdiff_t", "size_t", "stderr", "stdin", "stdout", "sun",
    "unix", "vax", "double_t", "float_t", "math_errhandling", "signgam",
];

/// The functions of `<math.h>`, those POSIX adds, and those of other headers that tests call.
#[rustfmt::skip]
static C_FUNCTIONS: &[&str] = &[
    "abort", "abs", "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "ceil", "copysign", "cos", "cosh",
    "div", "drem", "erf", "erfc", "exit", "exp", "exp10", "exp2", "expm1", "fabs", "fdim", "finite", "floor", "fma", "fmax",
    "fmin", "fmod", "fpclassify", "free", "frexp", "hypot", "ilogb", "isfinite", "isgreater", "isgreaterequal", "isinf",
    "isless", "islessequal", "islessgreater", "isnan", "isnormal", "isunordered", "j0", "j1", "jn", "labs", "ldexp",
    "ldiv", "lgamma", "llabs", "lldiv", "llrint", "llround", "log", "log10", "log1p", "log2", "logb", "lrint", "lround",
    "main", "malloc", "memcmp", "memcpy", "memmove", "memset", "modf", "nan", "nearbyint", "nextafter", "nexttoward",
    "pow", "pow10", "printf", "puts", "rand", "remainder", "remquo", "rint", "round", "scalb", "scalbln", "scalbn",
    "signbit", "significand", "sin", "sincos", "sinh", "sqrt", "srand", "tan", "tanh", "tgamma", "trunc", "y0", "y1", "yn",
];

/// The standard headers, which `#include "…"` beside them would find first.
#[rustfmt::skip]
static C_HEADERS: &[&str] = &[
    "assert", "complex", "ctype", "errno", "fenv", "float", "inttypes", "iso646", "limits", "locale", "math", "setjmp",
    "signal", "stdalign", "stdarg", "stdatomic", "stdbit", "stdbool", "stdckdint", "stddef", "stdint", "stdio", "stdlib",
    "stdnoreturn", "string", "strings", "test", "tgmath", "threads", "time", "uchar", "unistd", "wchar", "wctype",
];

/// Keywords, and the soft keywords at the end.
#[rustfmt::skip]
static PYTHON_KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif",
    "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or",
    "pass", "raise", "return", "try", "while", "with", "yield", "_", "case", "match", "type",
];

#[rustfmt::skip]
static PYTHON_BUILTINS: &[&str] = &[
    "Ellipsis", "Exception", "NotImplemented", "RuntimeError", "TypeError", "ValueError", "abs", "aiter", "all", "anext",
    "any", "ascii", "bin", "bool", "breakpoint", "bytearray", "bytes", "callable", "chr", "classmethod", "compile",
    "complex", "copyright", "credits", "delattr", "dict", "dir", "divmod", "enumerate", "eval", "exec", "exit", "filter",
    "float", "format", "frozenset", "getattr", "globals", "hasattr", "hash", "help", "hex", "id", "input", "int",
    "isinstance", "issubclass", "iter", "len", "license", "list", "locals", "map", "max", "memoryview", "min", "next",
    "object", "oct", "open", "ord", "pow", "print", "property", "quit", "range", "repr", "reversed", "round", "set",
    "setattr", "slice", "sorted", "staticmethod", "str", "sum", "super", "tuple", "vars", "zip",
];

/// The standard library and what a module named so would hide.
#[rustfmt::skip]
static PYTHON_MODULES: &[&str] = &[
    "abc", "aifc", "antigravity", "argparse", "array", "ast", "asynchat", "asyncio", "asyncore", "atexit", "audioop",
    "base64", "bdb", "binascii", "bisect", "builtins", "bz2", "calendar", "cgi", "cgitb", "chunk", "cmath", "cmd", "code",
    "codecs", "codeop", "collections", "colorsys", "compileall", "concurrent", "configparser", "conftest", "contextlib",
    "contextvars", "copy", "copyreg", "cprofile", "crypt", "csv", "ctypes", "curses", "dataclasses", "datetime", "dbm",
    "decimal", "difflib", "dis", "distutils", "doctest", "email", "encodings", "ensurepip", "enum", "errno",
    "faulthandler", "fcntl", "filecmp", "fileinput", "fnmatch", "fractions", "ftplib", "functools", "gc", "genericpath",
    "getopt", "getpass", "gettext", "glob", "graphlib", "grp", "gzip", "hashlib", "heapq", "hmac", "html", "http",
    "idlelib", "imaplib", "imghdr", "imp", "importlib", "inspect", "io", "ipaddress", "itertools", "json", "keyword",
    "lib2to3", "linecache", "locale", "logging", "lzma", "mailbox", "mailcap", "marshal", "math", "mimetypes", "mmap",
    "modulefinder", "msilib", "msvcrt", "multiprocessing", "netrc", "nis", "nntplib", "nt", "ntpath", "nturl2path",
    "numbers", "numpy", "opcode", "operator", "optparse", "os", "ossaudiodev", "pathlib", "pdb", "pickle", "pickletools",
    "pipes", "pkgutil", "platform", "plistlib", "poplib", "posix", "posixpath", "pprint", "profile", "pstats", "pty",
    "pwd", "py_compile", "pyclbr", "pydoc", "pydoc_data", "pyexpat", "pytest", "queue", "quopri", "random", "re",
    "readline", "reprlib", "resource", "rlcompleter", "runpy", "sched", "scipy", "secrets", "select", "selectors",
    "setup", "shelve", "shlex", "shutil", "signal", "site", "smtpd", "smtplib", "sndhdr", "socket", "socketserver",
    "spwd", "sqlite3", "sre_compile", "sre_constants", "sre_parse", "ssl", "stat", "statistics", "string", "stringprep",
    "struct", "subprocess", "sunau", "symtable", "sys", "sysconfig", "syslog", "tabnanny", "tarfile", "telnetlib",
    "tempfile", "termios", "test", "textwrap", "this", "threading", "time", "timeit", "tkinter", "token", "tokenize",
    "tomllib", "trace", "traceback", "tracemalloc", "tty", "turtle", "turtledemo", "types", "typing", "unicodedata",
    "unittest", "urllib", "uu", "uuid", "venv", "warnings", "wave", "weakref", "webbrowser", "winreg", "winsound",
    "wsgiref", "xdrlib", "xml", "xmlrpc", "zipapp", "zipfile", "zipimport", "zlib", "zoneinfo",
];

/// Keywords and reserved words in modules and strict mode, those reserved in older editions among them, and names that
/// strict mode does not let be bound.
#[rustfmt::skip]
static JAVASCRIPT_KEYWORDS: &[&str] = &[
    "abstract", "arguments", "async", "await", "boolean", "break", "byte", "case", "catch", "char", "class", "const",
    "continue", "debugger", "default", "delete", "do", "double", "else", "enum", "eval", "export", "extends", "false",
    "final", "finally", "float", "for", "from", "function", "get", "goto", "if", "implements", "import", "in",
    "instanceof", "int", "interface", "let", "long", "native", "new", "null", "of", "package", "private", "protected",
    "public", "return", "set", "short", "static", "super", "switch", "synchronized", "this", "throw", "throws",
    "transient", "true", "try", "typeof", "using", "var", "void", "volatile", "while", "with", "yield",
];

#[rustfmt::skip]
static JAVASCRIPT_NAMES: &[&str] = &[
    "Array", "ArrayBuffer", "BigInt", "Boolean", "DataView", "Date", "Error", "Float32Array", "Float64Array", "Function",
    "Infinity", "JSON", "Map", "Math", "NaN", "Number", "Object", "Promise", "Proxy", "RangeError", "Reflect", "RegExp",
    "Set", "String", "Symbol", "TypeError", "WeakMap", "console", "document", "exports", "global", "globalThis",
    "isFinite", "isNaN", "module", "name", "parseFloat", "parseInt", "process", "require", "self", "undefined", "window",
];

#[cfg(test)]
mod tests {
    use super::super::Words;
    use super::{C, JAVASCRIPT, PYTHON, RUST};

    #[track_caller]
    fn check_taken(words: &Words, text: &str) {
        let missing: Vec<&str> = text.split_whitespace().filter(|word| !words.is_taken(word)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn every_keyword_is_taken() {
        check_taken(
            &RUST,
            "as async await break const continue crate dyn else enum extern false fn for gen if impl in let",
        );
        check_taken(
            &RUST,
            "loop match mod move mut pub ref return self static struct super trait true type unsafe use",
        );
        check_taken(
            &C,
            "auto restrict inline _Bool static_assert nullptr typeof class template this and xor_eq co_await",
        );
        check_taken(&C, "log lgamma INFINITY NAN I errno j0 y1 linux unix");
        check_taken(&PYTHON, "lambda None nonlocal match case type _ async sum np special");
        check_taken(
            &JAVASCRIPT,
            "await yield let static eval arguments enum null undefined Math NaN Float64Array",
        );
    }

    #[test]
    fn no_word_stands_twice_in_its_group() {
        for words in [&RUST, &C, &PYTHON, &JAVASCRIPT] {
            for group in words.taken.iter().chain(words.files) {
                for (place, word) in group.iter().enumerate() {
                    assert!(!group[..place].contains(word), "{word}");
                }
            }
        }
    }
}
