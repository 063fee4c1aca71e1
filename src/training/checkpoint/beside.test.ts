import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { bits, FolderInMemory, Killed, lastArrays, runOn } from '../small-run.fixture.js';
import { requireWhole } from './checksum.js';

/** A network whose checkpoints are large enough to be written while it trains. */
const large = { experts: { count: 2, layers: [640, 512] } };

/** A run folder that is slow to write, as a disk is; what is not written when it is killed is lost. */
class SlowFolder extends FolderInMemory {
  readonly written: string[] = [];
  turns = 3;
  failure: Error | null = null;
  private gone = false;

  readonly checkpointBeside = async (name: string, bytes: Uint8Array): Promise<void> => {
    for (let turn = 0; turn < this.turns; turn++) await setImmediate();
    if (this.gone) return;
    if (this.failure !== null) throw this.failure;
    this.written.push(`${name} beside`);
    super.checkpoint(name, bytes);
  };

  override checkpoint(name: string, bytes: Uint8Array): void {
    this.written.push(name);
    super.checkpoint(name, bytes);
  }

  override event(event: Parameters<FolderInMemory['event']>[0]): void {
    try {
      super.event(event);
    } catch (error) {
      this.gone = true;
      throw error;
    }
  }

  override beat(): void {
    try {
      super.beat();
    } catch (error) {
      this.gone = true;
      throw error;
    }
  }

  /** The trainer comes back. */
  comeBack(): void {
    this.gone = false;
    this.killAtBeat = Infinity;
    this.killAtEvent = () => false;
  }
}

const train = (sink: FolderInMemory) => runOn(sink, {}, large, 'fused');

describe('large checkpoints', () => {
  it('are written while training goes on, whole, the last before the best, and leave it as it was', async () => {
    const plain = new FolderInMemory();
    const wanted = await train(plain);
    const slow = new SlowFolder();
    const { outcome, members } = await train(slow);
    expect(slow.written.length).toBeGreaterThan(3);
    expect(new Set(slow.written)).toEqual(new Set(['last.safetensors beside', 'best.safetensors beside']));
    expect(slow.written[0]).toBe('last.safetensors beside');
    expect(outcome.summary).toEqual(wanted.outcome.summary);
    expect(bits(members.weights())).toEqual(bits(wanted.members.weights()));
    expect(lastArrays(slow)).toEqual(lastArrays(plain));
    for (const bytes of slow.files.values()) expect(() => requireWhole(bytes)).not.toThrow();
    members.dispose();
    wanted.members.dispose();
  });

  it.each([2, 5, 9, 14, 17, 22, 31, 38])(
    'killed at beat %i, whatever was not written, it ends with the same weights to the bit',
    async (beat) => {
      const wanted = await train(new FolderInMemory());
      const slow = new SlowFolder();
      slow.turns = 1 + (beat % 4);
      slow.killAtBeat = beat;
      await expect(train(slow)).rejects.toBeInstanceOf(Killed);
      slow.comeBack();
      const { outcome, members } = await train(slow);
      expect(bits(members.weights())).toEqual(bits(wanted.members.weights()));
      expect(outcome.summary).toEqual(wanted.outcome.summary);
      members.dispose();
      wanted.members.dispose();
    },
  );

  it('that cannot be written end the training, and say why', async () => {
    const slow = new SlowFolder();
    slow.killAtEvent = ({ type, step }) => {
      if (type === 'epoch' && step > 0) slow.failure = new Error('the disk is full');
      return false;
    };
    await expect(train(slow)).rejects.toThrow('the disk is full');
  });
});
