import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type OwnedDeadline, startDeadline } from '../../shared/core/deadline.ts';
import { sendHttp } from '../../shared/http/client.ts';
import { systemClock } from '../../shared/runtimes/system.ts';
import { type TestClock, testClock } from '../support/clock.ts';

interface Server {
  readonly url: string;
  readonly asked: string[];
}

async function serverThat(answers: (response: ServerResponse) => void): Promise<Server> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    request.resume().on('end', () => answers(response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked };
}

function ask(url: string, deadline: OwnedDeadline = startDeadline(systemClock, 5_000), tryMs = 2_000) {
  const sent = sendHttp({ method: 'POST', url, headers: {}, body: 'ü', tryMs, deadline });
  return sent.finally(() => deadline.close());
}

const noAnswer = (maybeReceived: boolean) => expect.objectContaining({ name: 'NoAnswer', maybeReceived });

test('an answer of 1 MB comes whole, a larger one is none', async () => {
  const whole = await serverThat((response) => response.end('a'.repeat(1_000_000)));
  expect((await ask(whole.url)).body).toHaveLength(1_000_000);
  const larger = await serverThat((response) => response.end('a'.repeat(1_000_001)));
  await expect(ask(larger.url)).rejects.toEqual(noAnswer(true));
});

test.for([
  ['with a length', { 'content-length': '100' }],
  ['in chunks', { 'transfer-encoding': 'chunked' }],
] as const)('an answer that is cut off is none: %s', async ([, headers]) => {
  const { url } = await serverThat((response) => {
    response.writeHead(201, headers);
    response.write('{"sid":', () => response.socket?.destroy());
  });
  await expect(ask(url)).rejects.toEqual(noAnswer(true));
});

test('a redirect is an answer and is not followed', async () => {
  const { url, asked } = await serverThat((response) => response.writeHead(307, { location: '/elsewhere' }).end());
  expect(await ask(url)).toMatchObject({ status: 307, headers: { location: '/elsewhere' } });
  expect(asked).toEqual(['/']);
});

test('nobody there is known to have received nothing', async () => {
  await expect(ask('http://127.0.0.1:1/')).rejects.toEqual(noAnswer(false));
});

test('a side that hangs is given up after its try', async () => {
  const { url } = await serverThat(() => {});
  await expect(ask(url, undefined, 1_000)).rejects.toEqual(noAnswer(true));
});

test.for([
  ['the end of the deadline', (clock: TestClock) => clock.advance(60_000)],
  ['the answer', (_: TestClock, deadline: OwnedDeadline) => deadline.close()],
] as const)('what is under way ends with %s', async ([, ends]) => {
  const { url, asked } = await serverThat(() => {});
  const clock = testClock();
  const deadline = startDeadline(clock, 60_000);
  const asking = ask(url, deadline, 60_000);
  const ended = expect(asking).rejects.toEqual(noAnswer(true));
  await expect.poll(() => asked).toEqual(['/']);
  ends(clock, deadline);
  await ended;
});

test('nothing is sent when no time is left or the answer is known', async () => {
  const { url, asked } = await serverThat((response) => response.end());
  const over = startDeadline(systemClock, 5_000);
  over.close();
  for (const sent of [ask(url, over), ask(url, startDeadline(systemClock, 100)), ask(url, undefined, 0)])
    await expect(sent).rejects.toEqual(noAnswer(false));
  expect(asked).toEqual([]);
});

test('a request that is over leaves no timer, however long it might have taken', async () => {
  const { url } = await serverThat((response) => response.end('here'));
  let waiting = 0;
  const after: TestClock['after'] = (delayMs, then) => {
    waiting += 1;
    const cancel = systemClock.after(delayMs, then);
    return () => {
      waiting -= 1;
      cancel();
    };
  };
  const deadline = startDeadline({ ...systemClock, after }, 5_000);
  const ofDeadline = waiting;
  await sendHttp({ method: 'POST', url, headers: {}, body: '', tryMs: 4_000, deadline });
  await new Promise(setImmediate);
  expect(waiting).toBe(ofDeadline);
  deadline.close();
});
