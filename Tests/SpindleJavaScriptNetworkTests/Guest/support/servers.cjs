'use strict';

const fs = require('fs');
const net = require('net');
const { once } = require('events');

/** Has a server listen on a free port of this machine alone. */
async function listen(server, host = '127.0.0.1') {
    server.listen(0, host);
    await once(server, 'listening');
    return server.address().port;
}

/** Until `read()` gives the same for a while. */
async function settled(read) {
    for (let last, same = 0; same < 10;) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        const now = read();
        same = now === last ? same + 1 : 0;
        last = now;
    }
}

/** How many descriptors the process has, once those that are being closed are. */
async function openDescriptors() {
    const count = () => fs.readdirSync('/proc/self/fd').length;
    await settled(count);
    return count();
}

/** Sends `text`, one character a byte, and gives all that comes back. */
async function exchange(port, text, { end = true } = {}) {
    const socket = net.connect(port, '127.0.0.1');
    let answer = '';
    socket.setEncoding('latin1');
    socket.on('data', (data) => { answer += data; });
    socket.on('error', () => {});
    if (end) socket.end(text, 'latin1');
    else socket.write(text, 'latin1');
    await once(socket, 'close');
    return answer;
}

module.exports = { exchange, listen, openDescriptors, settled };
