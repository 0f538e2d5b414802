import { Controller, Delete, HttpCode, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../../platform/auth/require-scope.decorator.js';
import { ApiDeleteIngestion } from './dto/ingestion-deletion.openapi.js';
import { IngestionDeletionService } from './ingestion-deletion.service.js';

/** Lets clients delete ingestions that have ended. */
@ApiTags('ingestion')
@Controller('ingestions')
export class IngestionDeletionController {
  constructor(private readonly service: IngestionDeletionService) {}

  @ApiDeleteIngestion()
  @RequireScope('submit')
  @Delete(':ingestion_id')
  @HttpCode(204)
  async delete(@Param('ingestion_id') ingestionId: string): Promise<void> {
    await this.service.delete(ingestionId);
  }
}
