import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

const USE_RUNTIME = 'Take it from the injected Runtime (src/domain/runtime.ts).';
const READ_AT_START = 'Only the start reads the environment: take it from Configuration.';

/** Functions of Node.js that give time, timers, random numbers or ids, by where they are found. */
const MACHINE_PROPERTIES = [
  ['Date', 'now'],
  ['performance', 'now'],
  ['performance', 'timeOrigin'],
  ['process', 'hrtime'],
  ['process', 'uptime'],
  ['Math', 'random'],
  ['AbortSignal', 'timeout'],
  ['crypto', 'randomUUID'],
  ['crypto', 'getRandomValues'],
].map(([object, property]) => ({ object, property, message: USE_RUNTIME }));
const ENVIRONMENT = { object: 'process', property: 'env', message: READ_AT_START };
const MACHINE_GLOBALS = [
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
  'performance',
  'crypto',
].map((name) => ({ name, message: USE_RUNTIME }));
/** Both names of each module of Node.js; without `importNames` the whole module. */
const MACHINE_IMPORTS = [
  ['timers'],
  ['timers/promises'],
  ['perf_hooks', 'performance', 'default'],
  ['process', 'env', 'hrtime', 'uptime', 'default'],
  [
    'crypto',
    'randomBytes',
    'randomFill',
    'randomFillSync',
    'randomInt',
    'randomUUID',
    'randomUUIDv7',
    'getRandomValues',
    'webcrypto',
    'default',
  ],
].flatMap(([name, ...importNames]) =>
  [name, `node:${name}`].map((path) => ({
    name: path,
    ...(importNames.length > 0 && { importNames }),
    message: USE_RUNTIME,
  })),
);
const NEW_IDS = {
  name: 'uuid',
  importNames: ['v1', 'v3', 'v4', 'v5', 'v6', 'v7', 'default'],
  message: USE_RUNTIME,
};
const CURRENT_DATE = {
  selector: ':matches(NewExpression, CallExpression)[callee.name="Date"][arguments.length=0]',
  message: `It reads the wall clock. ${USE_RUNTIME}`,
};
const ERASABLE_ONLY = {
  selector:
    'TSEnumDeclaration, TSModuleDeclaration, TSParameterProperty, TSImportEqualsDeclaration, Decorator',
  message: 'Node.js runs this file directly: erasable syntax only.',
};

/** The thread that parses responses runs these files without a build. */
const IN_PARSER_THREAD = [
  'src/external-api/http/{response-parser.worker,parse-response,parse-mapped-response,echo-redactor}.ts',
  'src/external-api/json/*.ts',
  'src/external-api/mapping/{answer-mapper,id-pattern,mapping-error,result-path}.ts',
];

/** ESLint 10 reads only flat configuration; the file keeps the name that the project's layout asks for. */
export default tseslint.config(
  // The examples are applications of their own: their test compiles them against the built package.
  {
    ignores: [
      'dist/',
      'bundle/',
      'node_modules/',
      'data/',
      'bench/results/',
      'examples/',
      'packages/*/dist/',
      'src/clients/typescript/schema.ts',
    ],
  },
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js', '.*.js'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      // Nest's modules are classes without members.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // The ports are asynchronous; an adapter behind one may not be.
      '@typescript-eslint/require-await': 'off',
      // Environment variables and rows are typed where they enter, with their types written out.
      '@typescript-eslint/no-inferrable-types': 'off',
      // Answers are literals in the shape of their documented class.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      eqeqeq: 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // Nest injects by the types of parameters: an import that is only a type would leave nothing to inject by.
    files: [
      'src/**/*.controller.ts',
      'src/**/*.pipe.ts',
      'src/**/*.middleware.ts',
      'src/platform/http/allowed-methods.ts',
    ],
    rules: { '@typescript-eslint/consistent-type-imports': 'off' },
  },
  {
    // The service takes time, timers, randomness and ids from one injected port, so that a simulation, an application
    // that embeds it and a test control them; and it takes its settings from Configuration. What runs outside a service
    // may use Node.js directly: commands, and the clients that talk to a service over HTTP.
    files: ['src/**/*.ts'],
    ignores: [
      'src/**/*.spec.ts',
      'src/commands/**',
      'src/clients/**',
      'src/domain/system-runtime.ts', // the implementation of the port
    ],
    rules: {
      'no-restricted-properties': ['error', ...MACHINE_PROPERTIES, ENVIRONMENT],
      'no-restricted-globals': ['error', { globals: MACHINE_GLOBALS, checkGlobalObject: true }],
      'no-restricted-imports': ['error', { paths: [...MACHINE_IMPORTS, NEW_IDS] }],
      'no-restricted-syntax': ['error', CURRENT_DATE],
    },
  },
  {
    // The start reads the environment. SystemRoot is a variable of Windows, not a setting of the service.
    files: ['src/main.ts', 'src/app.options.module.ts', 'src/platform/dns/hosts-file.ts'],
    rules: { 'no-restricted-properties': ['error', ...MACHINE_PROPERTIES] },
  },
  {
    // A test reads answers as they come over the wire, and needs no types on its helpers to be clear.
    files: ['test/**/*.ts', '**/*.spec.ts'],
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'max-lines': 'off',
    },
  },
  {
    // Node.js runs these files as they stand: it strips types, and refuses syntax that would need code in their place.
    files: [
      'scripts/**/*.ts',
      'bench/**/*.ts',
      'test/crash/**/*.ts',
      'test/faults/**/*.ts',
      'test/mutation/**/*.ts',
      'test/soak/**/*.ts',
      'test/support/{free-port,postgres,postgres-server,tcp-proxy}.ts',
      ...IN_PARSER_THREAD,
      'test/support/upstream/{protocol,upstream-process}.ts',
    ],
    ignores: ['bench/contestants/*-app.ts'],
    rules: { 'no-restricted-syntax': ['error', ERASABLE_ONLY] },
  },
  {
    files: IN_PARSER_THREAD,
    rules: { 'no-restricted-syntax': ['error', ERASABLE_ONLY, CURRENT_DATE] },
  },
  {
    // Functions that return elements and query options are typed by what they return.
    files: ['web/**/*.{ts,tsx}'],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
  { files: ['**/*.js'], extends: [tseslint.configs.disableTypeChecked] },
  {
    // These run in the browser.
    files: ['src/platform/openapi/pages/*.js'],
    languageOptions: {
      globals: { document: 'readonly', fetch: 'readonly', Redoc: 'readonly', SwaggerUIBundle: 'readonly' },
    },
  },
);
