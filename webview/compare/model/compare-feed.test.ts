import { describe, expect, it } from 'vitest';
import { madeComparison, runsMessage } from '../../../test/webview/made-comparison.fixture.js';
import { CompareFeed } from './compare-feed.js';
import { withManifest } from './shown-comparison.fixture.js';

describe('the feed of a compare page', () => {
  const make = () => {
    const said: string[] = [];
    const feed = new CompareFeed({
      ready: () => said.push('ready'),
      changed: () => said.push('changed'),
      dropped: () => said.push('dropped'),
    });
    return { feed, said };
  };

  it('takes runs that are new or changed, forgets those that are gone, and keeps their order', () => {
    const runs = madeComparison({ seeds: 1 });
    const { feed } = make();
    feed.receive(runsMessage([runs[0]!, runs[2]!, runs[3]!]));
    const renamed = withManifest(runs[2]!, { name: 'better' });
    feed.receive({
      ...runsMessage([]),
      type: 'update',
      changed: [runs[1], renamed],
      removed: [runs[3]!.folder],
    });
    expect(feed.comparison?.runs.map(({ manifest }) => manifest.name)).toEqual([
      'census single-task',
      'census shared-bottom',
      'better',
    ]);
  });

  it('asks for everything when it hears of changes first, and drops what is no message', () => {
    const { feed, said } = make();
    feed.receive({ ...runsMessage([]), type: 'update', changed: [], removed: [] });
    feed.receive({ type: 'runs', runs: 'all' });
    expect(said).toEqual(['ready', 'dropped']);
    expect(feed.comparison).toBeNull();
  });
});
