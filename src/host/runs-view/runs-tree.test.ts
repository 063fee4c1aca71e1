import { describe, expect, it, vi } from 'vitest';
import { Slices } from '../../run/files/slices.js';
import { exampleRun } from '../runs/example-run.fixture.js';
import type { HostRun } from '../runs/run-collection.js';
import { ComparisonNode, GroupNode, ListNode, MoreNode, RowsNode, RunNode, ValueNode } from './run-node.js';
import { noFilter, type RunArrangement } from './runs-arrangement.js';
import { RunsTree } from './runs-tree.js';

vi.mock('vscode', async () => (await import('../editor/fake-vscode.fixture.js')).fakeVscode());

const grouped: RunArrangement = { group: { by: 'experiment' }, order: { by: 'time' }, filter: noFilter };
const byMetric = { ...grouped, order: { by: 'metric', task: 'income' } } as const;
const run = (id: string, fields: Parameters<typeof exampleRun>[0] = {}): HostRun => ({
  workspace: '/films',
  store: null as never,
  entry: exampleRun({ id, ...fields }),
});
const ofComparison = (id: string) => ({ comparison: { id, name: `census: ${id}` } });
const ofRows = (source: string) => ({ experiment: { data: { source } } });

async function treeOf(
  runs: readonly HostRun[],
  arrangement: RunArrangement = grouped,
  tree = new RunsTree(),
) {
  await tree.build(runs, runs, arrangement, new Slices());
  return tree;
}

/** Writes what is below a list as nested lists. */
const written = (tree: RunsTree, list: ListNode = tree.root): unknown[] =>
  tree.childrenOf(list).map((node) => {
    if (node instanceof RunNode) return node.run.entry.id;
    if (node instanceof MoreNode) return `${node.hidden} more`;
    return [labelOf(node), ...written(tree, node)];
  });
function firstList(tree: RunsTree): ListNode {
  const [first] = tree.childrenOf(tree.root);
  if (!(first instanceof ListNode)) throw new Error('no list');
  return first;
}
function labelOf(node: ListNode): string {
  if (node instanceof ComparisonNode) return node.comparison.id;
  if (node instanceof RowsNode) return `rows ${node.label}`;
  if (node instanceof ValueNode) return `${node.by.by} ${String(node.value)}`;
  return node instanceof GroupNode ? String(node.group.experimentFile) : '';
}

describe('the tree of runs', () => {
  it('has comparisons below their experiment, where their first run would stand', async () => {
    const tree = await treeOf([
      run('a'),
      run('b', ofComparison('one')),
      run('c', ofComparison('two')),
      run('d', { experimentFile: 'other.mmoe.json' }),
      run('e', ofComparison('one')),
      run('f'),
    ]);
    expect(written(tree)).toEqual([
      ['census.mmoe.json', 'a', ['one', 'b', 'e'], ['two', 'c'], 'f'],
      ['other.mmoe.json', 'd'],
    ]);
    expect(tree.runs().map(({ entry }) => entry.id)).toEqual(['a', 'b', 'e', 'c', 'f', 'd']);
  });

  it('ranks runs of other rows on their own, in a flat list, too', async () => {
    const runs = [run('a', ofRows('new.csv')), run('b', ofRows('old.csv')), run('c', ofRows('new.csv'))];
    const parts = [
      ['rows new.csv', 'a', 'c'],
      ['rows old.csv', 'b'],
    ];
    expect(written(await treeOf(runs, byMetric))).toEqual([['census.mmoe.json', ...parts]]);
    expect(written(await treeOf(runs, { ...byMetric, group: { by: 'nothing' } }))).toEqual(parts);
    expect(written(await treeOf(runs))).toEqual([['census.mmoe.json', 'a', 'b', 'c']]);
    expect(written(await treeOf([runs[0]!, runs[2]!], byMetric))).toEqual([['census.mmoe.json', 'a', 'c']]);
  });

  it('has what else a person groups by: comparisons, tags, or values of a setting', async () => {
    const data = (source: string) => ({ ...ofRows(source), tags: ['keep'] });
    const runs = [
      run('a', data('new.csv')),
      run('b', { ...ofComparison('one'), experimentFile: 'other.mmoe.json' }),
      run('c', { ...data('old.csv'), ...ofComparison('one') }),
      run('d', data('new.csv')),
    ];
    const by = async (group: RunArrangement['group'], more: Partial<RunArrangement> = {}) =>
      written(await treeOf(runs, { ...grouped, ...more, group }));
    expect(await by({ by: 'comparison' })).toEqual(['a', ['one', 'b', 'c'], 'd']);
    expect(await by({ by: 'tags' })).toEqual([
      ['tags keep', 'a', 'c', 'd'],
      ['tags null', 'b'],
    ]);
    const bySource = { by: 'setting', path: 'data.source' } as const;
    expect(await by(bySource)).toEqual([
      ['setting new.csv', 'a', 'd'],
      ['setting null', 'b'],
      ['setting old.csv', 'c'],
    ]);
    expect(await by({ by: 'tags' }, { order: byMetric.order })).toEqual([
      ['tags keep', ['rows new.csv', 'a', 'd'], ['rows old.csv', 'c']],
      ['tags null', 'b'],
    ]);
  });

  it('keeps its nodes while they have their places', async () => {
    const tree = await treeOf([run('a'), run('b', ofComparison('one'))]);
    const group = firstList(tree);
    const before = [...tree.childrenOf(group)];
    await treeOf([run('n'), run('a'), run('b', ofComparison('one'))], grouped, tree);
    expect(firstList(tree)).toBe(group);
    const after = tree.childrenOf(group);
    expect(after.slice(1)).toEqual(before);
    expect(after[1]).toBe(before[0]);
    await treeOf([run('b')], grouped, tree);
    expect(written(tree)).toEqual([['census.mmoe.json', 'b']]);
  });

  it('makes nodes of runs where somebody has asked for them, and keeps these up to date', async () => {
    const runs = [run('a'), run('b', ofComparison('one')), run('c', ofComparison('two'))];
    const tree = await treeOf(runs);
    const ids = () => [...tree.nodes()].map(({ run: { entry } }) => entry.id);
    expect(ids()).toEqual([]);
    const [single, one] = tree.childrenOf(firstList(tree));
    expect(ids()).toEqual(['a']);
    if (!(one instanceof ComparisonNode)) throw new Error('no comparison');
    const [below] = tree.childrenOf(one);
    expect(ids()).toEqual(['a', 'b']);
    const changed = run('b', { ...ofComparison('one'), starred: true });
    await treeOf([runs[0]!, changed, runs[2]!], grouped, tree);
    expect([...tree.nodes()]).toEqual([single, below]);
    expect(below instanceof RunNode && below.run).toBe(changed);
    // The run that is looked for gets the node that its list shows when somebody opens it.
    const { node } = tree.unfold(runs[2]!.entry.folder);
    expect(node?.run).toBe(runs[2]);
    expect(node?.parent === null || node?.parent === undefined ? [] : tree.childrenOf(node.parent)).toEqual([
      node,
    ]);
  });

  it('says when other items are shown, or elsewhere, and not when they only look different', async () => {
    const [a, b, c] = [run('a'), run('b', ofComparison('one')), run('c', ofComparison('one'))];
    const tree = await treeOf([a, b, c]);
    let { shape } = tree;
    const isOther = async (runs: readonly HostRun[], arrangement = grouped): Promise<boolean> => {
      await treeOf(runs, arrangement, tree);
      const isChanged = tree.shape !== shape;
      ({ shape } = tree);
      return isChanged;
    };
    expect(await isOther([a, b, c])).toBe(false);
    expect(await isOther([run('a', { starred: true }), b, c])).toBe(false);
    expect(await isOther([a, c, b])).toBe(true);
    expect(await isOther([c, b, a])).toBe(true);
    expect(await isOther([c, b, a, run('d', ofComparison('one'))])).toBe(true);
    expect(await isOther([c, b, a])).toBe(true);
    expect(await isOther([c, b, a], { ...grouped, group: { by: 'nothing' } })).toBe(true);
    expect(await isOther([])).toBe(true);
  });

  it('takes comparisons over whose runs have not changed', async () => {
    const [a, b] = [run('a', ofComparison('one')), run('b', ofComparison('two'))];
    const tree = await treeOf([a, b]);
    const comparisons = () =>
      tree
        .childrenOf(firstList(tree))
        .map((node) => (node instanceof ComparisonNode ? node.comparison : null));
    const before = comparisons();
    await treeOf([a, run('b', { ...ofComparison('two'), starred: true })], grouped, tree);
    const after = comparisons();
    expect(after[0]).toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
    await treeOf([a, b, run('c', ofComparison('two'))], grouped, tree);
    expect(comparisons()[1]?.runs).toHaveLength(2);
  });

  it('shows a long list in parts, and as much of it as a run needs that is looked for', async () => {
    const runs = Array.from({ length: 1000 }, (_, i) => run(`r${i}`, i < 500 ? ofComparison('one') : {}));
    const tree = await treeOf(runs);
    const children = tree.childrenOf(firstList(tree));
    expect(children).toHaveLength(201);
    expect(children[200] instanceof MoreNode && children[200].hidden).toBe(301);
    const { node, grown } = tree.unfold(runs[450]!.entry.folder);
    expect(node?.run).toBe(runs[450]);
    expect(node?.parent).toBeInstanceOf(ComparisonNode);
    expect(grown).toEqual([node?.parent]);
    expect(tree.unfold('/films/.mmoe/runs/none').node).toBeUndefined();
  });
});
