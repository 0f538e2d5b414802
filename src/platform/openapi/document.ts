import type { INestApplication } from '@nestjs/common';
import type { AbstractHttpAdapter, ApplicationConfig, ModulesContainer } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { VERSION } from '../config/version.js';

const DESCRIPTION = `
Sluice stands in front of an API that takes only a few ids at a time. Submit lists of ids with a priority and follow them
by their \`ingestion_id\`. Ids are kept from the moment of the answer, sent in strict priority order at exactly the allowed
pace, and tried again where they fail.

Ids are integers up to 10000000000000000007, exact to the last digit. They do not fit a double: use a JSON library that
keeps large integers.

Every error is \`application/problem+json\`.
`;

/** The parts of an application that describe its routes. A module gets these by injection, but not the application. */
export interface DocumentSource {
  readonly modules: ModulesContainer;
  readonly config: ApplicationConfig;
  readonly adapter: AbstractHttpAdapter;
  /** The path under which the service is reached from outside; empty for the root. */
  readonly publicPath: string;
  /** The messages that the service sends, by their type. */
  readonly webhooks: NonNullable<OpenAPIObject['webhooks']>;
}

/** The OpenAPI document of the service, as JSON text: integers beyond a double stay exact only in text. */
export function buildDocument(source: DocumentSource): string {
  const base = new DocumentBuilder()
    .setTitle('Sluice')
    .setDescription(DESCRIPTION)
    .setVersion(VERSION)
    .setOpenAPIVersion('3.1.0')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer(source.publicPath === '' ? '/' : source.publicPath, 'This service.')
    .addTag('ingestion', 'Submit lists and watch their progress.')
    .addTag('dead letters', 'Ids that failed for good, and how to send them again.')
    .addTag('webhooks', 'The messages that were sent when ingestions ended.')
    .addTag('operation', 'For operators of the service.')
    .addSecurity('key', {
      type: 'http',
      scheme: 'bearer',
      description:
        'An API key, or a token of the identity provider. If neither is configured, authentication is ' +
        'disabled.',
    })
    .addSecurity('x-api-key', { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'An API key.' })
    .addSecurityRequirements({}) // without configured keys no authentication is needed
    .addSecurityRequirements('key')
    .addSecurityRequirements('x-api-key')
    .build();
  const document = SwaggerModule.createDocument(toApplication(source), {
    ...base,
    webhooks: source.webhooks,
  });
  return JSON.stringify(document, (_key, value: unknown) =>
    typeof value === 'bigint' ? JSON.rawJSON(value.toString()) : value,
  );
}

/** `SwaggerModule` reads nothing else of an application. */
function toApplication({ modules, config, adapter }: DocumentSource): INestApplication {
  const application = { container: { getModules: () => modules }, config, getHttpAdapter: () => adapter };
  return application as unknown as INestApplication;
}
