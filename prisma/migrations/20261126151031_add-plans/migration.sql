-- CreateEnum
CREATE TYPE "plan_version_state" AS ENUM ('draft', 'inReview', 'approved', 'rejected', 'superseded', 'revoked');

-- AlterTable
ALTER TABLE "run" ADD COLUMN     "plan_version_id" TEXT;

-- CreateTable
CREATE TABLE "plan" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "last_number" INTEGER NOT NULL DEFAULT 0,
    "created_by_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "plan_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "plan_version" (
    "id" TEXT NOT NULL,
    "plan_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "state" "plan_version_state" NOT NULL DEFAULT 'draft',
    "text" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "counts" JSONB NOT NULL,
    "approved_hash" TEXT,
    "note" TEXT NOT NULL DEFAULT '',
    "revision" INTEGER NOT NULL DEFAULT 0,
    "author_id" TEXT,
    "author_ids" TEXT[],
    "parent_id" TEXT,
    "origin" JSONB NOT NULL,
    "dataset_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "submitted_at" TIMESTAMPTZ(3),
    "decided_at" TIMESTAMPTZ(3),
    "decided_by_id" TEXT,
    "decision_reason" TEXT,

    CONSTRAINT "plan_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "plan_comment" (
    "id" TEXT NOT NULL,
    "version_id" TEXT NOT NULL,
    "job_id" TEXT,
    "text" TEXT NOT NULL,
    "author_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "resolved_at" TIMESTAMPTZ(3),
    "resolved_by_id" TEXT,

    CONSTRAINT "plan_comment_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "plan_name_key" ON "plan"("name");

-- CreateIndex
CREATE INDEX "plan_created_by_id_idx" ON "plan"("created_by_id");

-- CreateIndex
CREATE INDEX "plan_version_state_idx" ON "plan_version"("state");

-- CreateIndex
CREATE INDEX "plan_version_parent_id_idx" ON "plan_version"("parent_id");

-- CreateIndex
CREATE INDEX "plan_version_dataset_id_idx" ON "plan_version"("dataset_id");

-- CreateIndex
CREATE INDEX "plan_version_author_id_idx" ON "plan_version"("author_id");

-- CreateIndex
CREATE INDEX "plan_version_decided_by_id_idx" ON "plan_version"("decided_by_id");

-- CreateIndex
CREATE UNIQUE INDEX "plan_version_plan_id_number_key" ON "plan_version"("plan_id", "number");

-- CreateIndex
CREATE INDEX "plan_comment_version_id_created_at_idx" ON "plan_comment"("version_id", "created_at");

-- CreateIndex
CREATE INDEX "plan_comment_author_id_idx" ON "plan_comment"("author_id");

-- CreateIndex
CREATE INDEX "plan_comment_resolved_by_id_idx" ON "plan_comment"("resolved_by_id");

-- CreateIndex
CREATE INDEX "run_plan_version_id_idx" ON "run"("plan_version_id");

-- AddForeignKey
ALTER TABLE "plan" ADD CONSTRAINT "plan_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan_version" ADD CONSTRAINT "plan_version_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "plan"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan_version" ADD CONSTRAINT "plan_version_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan_version" ADD CONSTRAINT "plan_version_decided_by_id_fkey" FOREIGN KEY ("decided_by_id") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan_version" ADD CONSTRAINT "plan_version_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "plan_version"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan_version" ADD CONSTRAINT "plan_version_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan_comment" ADD CONSTRAINT "plan_comment_version_id_fkey" FOREIGN KEY ("version_id") REFERENCES "plan_version"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan_comment" ADD CONSTRAINT "plan_comment_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan_comment" ADD CONSTRAINT "plan_comment_resolved_by_id_fkey" FOREIGN KEY ("resolved_by_id") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_plan_version_id_fkey" FOREIGN KEY ("plan_version_id") REFERENCES "plan_version"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- One version of a plan is open at a time, and one is approved: whoever comes second is refused by the database.
CREATE UNIQUE INDEX "plan_version_one_open" ON "plan_version"("plan_id") WHERE "state" IN ('draft', 'inReview');
CREATE UNIQUE INDEX "plan_version_one_approved" ON "plan_version"("plan_id") WHERE "state" = 'approved';

-- What was submitted stays as it was submitted.
CREATE FUNCTION "plan_version_keep"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD."state" <> 'draft' AND (NEW."text", NEW."hash") IS DISTINCT FROM (OLD."text", OLD."hash") THEN
    RAISE EXCEPTION 'version % of plan % is %: its text stays as it is', OLD."number", OLD."plan_id", OLD."state";
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "plan_version_keep" BEFORE UPDATE ON "plan_version" FOR EACH ROW EXECUTE FUNCTION "plan_version_keep"();
