/** The files of one student: two to mend, the manifest whose test is the judge, a workflow for GitHub Classroom, and how to go about it. */
import { exerciseFile } from './course-file.ts';
import { exerciseOf } from './exercise.ts';
import { logSource } from './log-source.ts';
import { nodeSource } from './node-source.ts';

export function exerciseFiles(seed: string, folder: string, version: string): Readonly<Record<string, string>> {
  const exercise = exerciseOf(seed);
  const manifest = {
    name: folder,
    private: true,
    type: 'module',
    scripts: { test: 'lazurite course grade . --pass 100' },
    devDependencies: { lazurite: `^${version}` },
  };
  return {
    'log.js': logSource(exercise, true),
    'node.js': nodeSource(exercise, true),
    [exerciseFile]: `${JSON.stringify({ version: 1, seed }, null, 2)}\n`,
    'package.json': `${JSON.stringify(manifest, null, 2)}\n`,
    'README.md': readme,
    '.gitignore': 'node_modules/\n',
    '.github/workflows/classroom.yml': workflow,
  };
}

export function solutionFiles(seed: string): Readonly<Record<string, string>> {
  const exercise = exerciseOf(seed);
  return { 'log.js': logSource(exercise, false), 'node.js': nodeSource(exercise, false) };
}

const readme = `# A log and a node to mend

\`log.js\` is the log of a node, \`node.js\` is a node. Each has two defects, and the head of each file says what it promises.
Mend both until

\`\`\`
npm install
npm test
\`\`\`

gives 100 points. It cuts the power at every operation of the log, with everything that may be left on the disk. It kills the node at
many points and brings it back from its log. Where a promise is broken, it says where.

Only \`log.js\` and \`node.js\` are graded. The judge comes from the package, and your teacher runs it with other entries and numbers.
The two files import nothing. They have no clock and no randomness, and each call is made in a fresh copy of the file.
`;

const workflow = `name: GitHub Classroom
on: [push, workflow_dispatch]
permissions:
  checks: write
  actions: read
  contents: read
jobs:
  grade:
    runs-on: ubuntu-latest
    if: github.actor != 'github-classroom[bot]'
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      - name: the log
        id: log
        uses: classroom-resources/autograding-command-grader@v1
        with:
          test-name: the log
          setup-command: npm install
          command: npx lazurite course grade . --only log --pass 50
          timeout: 10
          max-score: 50
      - name: the node
        id: node
        uses: classroom-resources/autograding-command-grader@v1
        with:
          test-name: the node
          setup-command: npm install
          command: npx lazurite course grade . --only node --pass 50
          timeout: 10
          max-score: 50
      - uses: classroom-resources/autograding-grading-reporter@v1
        env:
          LOG_RESULTS: \${{ steps.log.outputs.result }}
          NODE_RESULTS: \${{ steps.node.outputs.result }}
        with:
          runners: log,node
`;
