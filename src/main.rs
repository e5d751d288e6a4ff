//! Hands the arguments to the command line and its result to the exit status.

fn main() -> std::process::ExitCode {
    referee::cli::main()
}
