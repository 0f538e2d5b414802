import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

/** ESLint 10 reads only flat configuration; the file keeps the name that the project's layout asks for. */
export default tseslint.config(
  // The examples are applications of their own: their test compiles them against the built package.
  {
    ignores: [
      'dist/',
      'node_modules/',
      'data/',
      'bench/results/',
      'examples/',
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
      'test/support/{free-port,postgres,postgres-server,tcp-proxy}.ts',
      'src/external-api/http/{response-parser.worker,parse-response,json-scanner}.ts',
      'test/support/upstream/{protocol,upstream-process}.ts',
    ],
    ignores: ['bench/contestants/*-app.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'TSEnumDeclaration, TSModuleDeclaration, TSParameterProperty, TSImportEqualsDeclaration, Decorator',
          message: 'Node.js runs this file directly: erasable syntax only.',
        },
      ],
    },
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
