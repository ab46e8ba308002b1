/** A tree of files: forks that do not see each other, and names of one file. */
import { expect } from 'chai';
import { FileTree } from '../../../programs/crash-states/file-tree.ts';

describe('a fork of a file tree', () => {
  it('keeps its kinds of files: what the other makes at the same inode is another file', () => {
    const tree = new FileTree(new Map());
    const fork = new FileTree(tree);
    const [inode, other] = [tree.create('here', { type: 'file' }), fork.create('there', { type: 'folder' })];
    expect(other).to.equal(inode);
    expect([tree.isFolder(inode as number), fork.isFolder(other as number)]).to.deep.equal([false, true]);
    expect(tree.entries().get('here')?.type).to.equal('file');
    expect(fork.entries().get('there')?.type).to.equal('folder');
  });
});

describe('a rename in a file tree', () => {
  it('to another name of the same file changes nothing, as POSIX says', () => {
    const tree = new FileTree(new Map());
    tree.create('one');
    tree.link('one', 'other');
    const { newestOperation } = tree;
    expect(tree.rename('one', 'other')).to.equal(true);
    expect([...tree.entries().keys()]).to.deep.equal(['one', 'other']);
    expect(tree.newestOperation).to.equal(newestOperation);
  });
});
