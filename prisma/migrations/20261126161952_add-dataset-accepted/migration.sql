-- AlterTable
ALTER TABLE "dataset" ADD COLUMN     "accepted" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "preview" JSONB,
ADD COLUMN     "read_asked_at" TIMESTAMPTZ(3);
