// Swagger UI copies the document through YAML, and numbers with it through doubles. Examples given as text it shows and
// sends as they stand; large limits are given as text too.
function withExactNumbers(value) {
  if (typeof value === 'bigint') {
    return String(value);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const isExample = typeof value.summary === 'string' && typeof value.value === 'object';
  return Array.isArray(value)
    ? value.map(withExactNumbers)
    : Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [
          key,
          isExample && key === 'value' ? JSON.stringify(inner, null, 2) : withExactNumbers(inner),
        ]),
      );
}

// Swagger UI fills in optional parameters with their examples and sends them: filters that nobody chose. They are told
// in words instead.
function withOptionalLeftOut(document) {
  for (const { parameters = [] } of Object.values(document.paths).flatMap(Object.values)) {
    for (const parameter of parameters.filter(({ required }) => !required)) {
      const { schema } = parameter;
      const example = parameter.example ?? schema.example;
      if (example !== undefined && schema.default === undefined) {
        parameter.description += ` Such as \`${example}\`.`;
        delete parameter.example;
        delete schema.example;
      }
    }
  }
  return document;
}

// An event stream never ends, and Swagger UI shows a response only at its end: it would wait for ever.
function withoutEndlessRequests() {
  return {
    statePlugins: {
      spec: {
        wrapSelectors: {
          allowTryItOutFor: () => (_state, path) => !path.endsWith('/events'),
        },
      },
    },
  };
}

fetch('./openapi.json')
  .then((response) => response.text())
  .then((text) => {
    globalThis.ui = SwaggerUIBundle({
      spec: withOptionalLeftOut(withExactNumbers(JSON.parse(text))),
      dom_id: '#docs',
      deepLinking: true,
      tryItOutEnabled: true,
      displayRequestDuration: true,
      filter: true,
      persistAuthorization: true,
      defaultModelsExpandDepth: 0,
      validatorUrl: null,
      plugins: [withoutEndlessRequests],
    });
  });
