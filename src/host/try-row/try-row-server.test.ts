import { expect, it, vi } from 'vitest';
import type { HostToTryRowPage } from '../../shared/messages/try-row-protocol.js';
import type { RowAnswer } from '../../shared/prediction/row-messages.js';
import { TryRowServer, type TryRowOptions } from './try-row-server.js';

vi.mock('vscode', async () => (await import('../editor/fake-vscode.fixture.js')).fakeVscode());

const run = { folder: '/films/.mmoe/runs/r1', name: 'mmoe', tasks: [], network: null, epoch: 3, members: 1 };
const ready: RowAnswer = { is: 'ready', columns: [], values: {} };
const prediction = (id: number): RowAnswer => ({ is: 'prediction', id, tasks: [], routes: [], remarks: [] });

function served() {
  const posted: HostToTryRowPage[] = [];
  const asked: unknown[] = [];
  const started: Parameters<TryRowOptions['predictor']>[0][] = [];
  let disposed = 0;
  const server = new TryRowServer(
    { post: (message) => Promise.resolve(posted.push(message) > 0), isVisible: () => true },
    {
      run: () => run,
      predictor: (hears) => {
        started.push(hears);
        return { ask: (request) => asked.push(request), dispose: () => disposed++ };
      },
      log: (message) => expect.fail(message),
      request: () => undefined,
    },
  );
  return { server, posted, asked, started, disposed: () => disposed };
}

it('the process is started with the first page, and what it has said of itself is told to each', async () => {
  const { server, posted, started, asked } = served();
  server.receive({ type: 'ready' });
  await server.idle();
  expect(started).toHaveLength(1);
  started[0]!.answer(ready);
  const request = { ask: 'predict', id: 7, values: { age: '30' }, member: 0 } as const;
  server.receive({ type: 'ask', request });
  started[0]!.answer(prediction(7));
  await server.idle();
  expect(asked).toEqual([request]);
  expect(posted).toEqual([
    { type: 'run', run },
    { type: 'answer', answer: ready },
    { type: 'answer', answer: prediction(7) },
  ]);

  // A page that was hidden comes back: it is told of the process, and not of answers that are past.
  server.hidden();
  started[0]!.answer(prediction(8));
  posted.length = 0;
  server.receive({ type: 'ready' });
  await server.idle();
  expect(posted).toEqual([
    { type: 'run', run },
    { type: 'answer', answer: ready },
  ]);
  expect(started).toHaveLength(1);
});

it('a process that has ended is told of, and started again when it is asked for', async () => {
  const { server, posted, started, disposed } = served();
  server.receive({ type: 'ready' });
  await server.idle();
  started[0]!.ended('the run has no weights yet');
  await server.idle();
  expect(posted.at(-1)).toEqual({ type: 'ended', why: 'the run has no weights yet' });
  server.receive({ type: 'restart' });
  await server.idle();
  expect([started.length, disposed()]).toEqual([2, 1]);
  server.dispose();
  expect(disposed()).toBe(2);
});
