import type { Plugin } from 'rolldown';

/**
 * Modules that load packages by `createRequire`, which no bundler follows. In the package these calls fail, so each is
 * listed with the reason why that does no harm.
 */
const KNOWN = [
  // pino.transport(), which is not called.
  'pino/lib/transport.js',
  // Called only for Fastify and other optional parts.
  '@nestjs/common/utils/load-package.util.js',
  // PartialType and its like lose their checks of class-validator: used for responses alone.
  '@nestjs/mapped-types/dist/type-helpers.utils.js',
  // @HealthCheck() describes its responses if @nestjs/swagger is found: not used.
  '@nestjs/terminus/dist/health-check/health-check.decorator.js',
  // SwaggerModule.setup(), which is not called.
  '@nestjs/swagger/dist/swagger-ui/swagger-ui.js',
];

const CALL = /createRequire\s*\(\s*import\.meta\.url\s*\)/g;
const FAILING =
  "((id) => { throw Object.assign(new Error(`${id} is not in this package`), { code: 'MODULE_NOT_FOUND' }); })";

/**
 * Lets these calls fail wherever the package lies. They would otherwise load what a folder above it happens to hold: in
 * this repository a second class-validator, at 200 ms of each start. Stops the build when another dependency begins to
 * load packages like that, which the package would silently lack.
 */
export function cutRequires(): Plugin {
  return {
    name: 'cut-requires',
    transform: {
      filter: { id: /\/node_modules\//, code: /createRequire\s*\(/ },
      handler: (code, id) => {
        if (!KNOWN.some((path) => id.endsWith(`/node_modules/${path}`))) {
          throw new Error(`${id} calls createRequire; what it loads would be missing in the package`);
        }
        return { code: code.replaceAll(CALL, FAILING), map: null };
      },
    },
  };
}
