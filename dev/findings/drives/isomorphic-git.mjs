/** A Git repository: a commit for each value. */
import fs from 'node:fs';
import git from 'isomorphic-git';

export async function open(folder) {
  const dir = `${folder}/repository`;
  const author = { name: 'a', email: 'a@example.com', timestamp: 1_700_000_000, timezoneOffset: 0 };
  if (!fs.existsSync(`${dir}/.git/HEAD`)) await git.init({ fs, dir, defaultBranch: 'main' });
  return {
    set: (value) => git.commit({ fs, dir, author, message: `value ${value}` }),
    get: async () => {
      const log = await git.log({ fs, dir }).catch((error) => {
        if (error.code === 'NotFoundError' && error.data?.what === 'refs/heads/main') return [];
        throw error;
      });
      return log.length === 0 ? undefined : Number(log[0].commit.message.slice(6));
    },
  };
}
