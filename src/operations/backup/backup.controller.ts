import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../../platform/auth/require-scope.decorator.js';
import { BackupService } from './backup.service.js';
import type { BackupResponse } from './dto/backup-response.dto.js';
import { ApiBackup } from './dto/backup.openapi.js';

/** Creates backups on request. */
@ApiTags('operation')
@Controller('backup')
export class BackupController {
  constructor(private readonly service: BackupService) {}

  @ApiBackup()
  @RequireScope('admin')
  @Post()
  @HttpCode(200)
  async backUp(): Promise<BackupResponse> {
    const { file, bytes, tookMs } = await this.service.createBackup();
    return { file, bytes, duration_seconds: Math.round(tookMs) / 1000 };
  }
}
