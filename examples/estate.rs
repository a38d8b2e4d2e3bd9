//! Writes a deterministic estate: `cargo run --release --example estate -- FOLDER SERVICES [POINTS]`.

#[path = "../benches/support/estate.rs"]
mod estate;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(services)) = (arguments.next(), arguments.next().and_then(|n| n.parse().ok())) else {
        return Err(std::io::Error::other("usage: estate FOLDER SERVICES [POINTS A COMPONENT]"));
    };
    let points = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(estate::POINTS);
    estate::write(std::path::Path::new(&folder), services, points)
}
