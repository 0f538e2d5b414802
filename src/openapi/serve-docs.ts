import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

/** Serves `/docs` (Swagger UI), `/redoc` and `/openapi.json`. */
export function serveDocs(app: NestExpressApplication): void {
  const config = new DocumentBuilder().setTitle('Sluice').build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, config), {
    jsonDocumentUrl: 'openapi.json',
  });
}
