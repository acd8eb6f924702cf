use std::collections::HashMap;
use std::net::TcpStream;

pub const FRAME_BYTES: usize = 264;

pub struct Client {
    host: String,
    seen: HashMap<String, u64>,
}

impl Client {
    pub fn new(host: &str) -> Self {
        let seen = HashMap::new();
        Self { host: host.to_string(), seen }
    }

    fn connect(&self) -> std::io::Result<TcpStream> {
        let stream = TcpStream::connect((self.host.as_str(), 40217))?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

fn main() {
    let client = Client::new("localhost");
    let _ = client.connect();
}
