/** Conventional Commits (https://www.conventionalcommits.org), with a subject that `git log --oneline` shows whole. */
export default {
  extends: ['@commitlint/config-conventional'],
  rules: {
    'header-max-length': [2, 'always', 72],
    'subject-case': [0], // subjects name classes and products: PriorityQueue, PostgreSQL
    'body-max-line-length': [0],
  },
};
