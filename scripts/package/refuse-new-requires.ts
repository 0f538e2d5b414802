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

/** Stops the build when a dependency begins to load others in a way that the package would silently lack. */
export function refuseNewRequires(): Plugin {
  return {
    name: 'refuse-new-requires',
    transform: {
      filter: { id: /\/node_modules\//, code: /createRequire\s*\(/ },
      handler: (_code, id) => {
        if (!KNOWN.some((path) => id.endsWith(`/node_modules/${path}`))) {
          throw new Error(`${id} calls createRequire; what it loads would be missing in the package`);
        }
        return null;
      },
    },
  };
}
