-- CreateEnum
CREATE TYPE "plan_build_status" AS ENUM ('queued', 'running', 'ready', 'refused', 'cancelled');

-- CreateTable
CREATE TABLE "plan_build" (
    "id" TEXT NOT NULL,
    "dataset_id" TEXT,
    "status" "plan_build_status" NOT NULL DEFAULT 'queued',
    "request" JSONB NOT NULL,
    "progress" JSONB,
    "result" JSONB,
    "reason" TEXT,
    "runner" TEXT,
    "created_by_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "cancel_requested_at" TIMESTAMPTZ(3),

    CONSTRAINT "plan_build_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "plan_build_created_at_idx" ON "plan_build"("created_at" DESC);

-- CreateIndex
CREATE INDEX "plan_build_created_by_id_idx" ON "plan_build"("created_by_id");

-- CreateIndex
CREATE INDEX "plan_build_dataset_id_idx" ON "plan_build"("dataset_id");

-- AddForeignKey
ALTER TABLE "plan_build" ADD CONSTRAINT "plan_build_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan_build" ADD CONSTRAINT "plan_build_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;
