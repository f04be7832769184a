// Two workers talk through a channel that the main thread has made and handed out.
import { MessageChannel, Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';

if (isMainThread) {
    const { port1, port2 } = new MessageChannel();
    const file = new URL(import.meta.url);
    const asker = new Worker(file, { workerData: { role: 'asker', port: port1 }, transferList: [port1] });
    const teller = new Worker(file, { workerData: { role: 'teller' } });
    teller.postMessage({ port: port2 }, [port2]);
    try {
        asker.postMessage({ port: port1 }, [port1]);
    } catch (error) {
        console.log(error.name, error.code);
    }
    asker.on('message', (line) => console.log(line));
    const codes = await Promise.all([asker, teller].map((worker) => new Promise((resolve) => worker.on('exit', resolve))));
    console.log('both ended', codes);
} else if (workerData.role === 'asker') {
    const { port } = workerData;
    port.postMessage({ question: 'the numbers', buffer: new Float64Array([1.5, 2.5, 39]) });
    port.on('message', ({ answer, reply }) => {
        parentPort.postMessage(`answer: ${answer}`);
        // A port that came through a port.
        reply.on('message', (text) => {
            parentPort.postMessage(`aside: ${text}`);
            reply.close();
        });
        reply.postMessage('and aside?');
    });
    port.on('close', () => parentPort.postMessage('closed'));
} else {
    parentPort.once('message', ({ port }) => {
        port.on('message', ({ buffer, question }) => {
            const { port1, port2 } = new MessageChannel();
            const sum = buffer.reduce((a, b) => a + b);
            port.postMessage({ answer: `${question}: ${sum}`, reply: port2 }, [port2]);
            port1.on('message', (text) => port1.postMessage(text.toUpperCase()));
            port1.on('close', () => port.close());
        });
    });
}
