// `NODE_EXTRA_CA_CERTS=CA.pem node handshake.cjs PORT NAME`: a handshake as Continue makes it; fails as Node fails.
const tls = require("node:tls");
const net = require("node:net");

const [port, name] = process.argv.slice(2);
const options = { host: "127.0.0.1", port: Number(port), servername: net.isIP(name) ? undefined : name };
options.checkServerIdentity = (_, certificate) => tls.checkServerIdentity(name, certificate);
tls
  .connect(options, function () {
    this.end();
  })
  .on("error", (error) => {
    console.error(error.code, error.message);
    process.exitCode = 1;
  });
