mod file;

fn main() {}
