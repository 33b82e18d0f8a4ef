"""What the database says to people when it cannot be used: a code and sentences in Japanese and English."""

from __future__ import annotations


class DatabaseError(Exception):
    """The database cannot be used. `code` is stable; `ja` and `en` say what happened and what to do."""

    def __init__(self, code: str, ja: str, en: str) -> None:
        super().__init__(en)
        self.code, self.ja, self.en = code, ja, en


def unreachable(where: str) -> DatabaseError:
    return DatabaseError(
        "database-unreachable",
        f"データベース {where} に接続できません。場所と権限、サーバーが動いていることをご確認ください。",
        f"Cannot open the database {where}. Check the place, its permissions, and that the server runs.",
    )


def not_a_database(where: str) -> DatabaseError:
    return DatabaseError(
        "database-not-one",
        f"{where} はデータベースのファイルではありません。別の場所を指定するか、控えから戻してください。",
        f"{where} is not a database file. Name another place or restore it from a backup.",
    )


def bad_address(where: str) -> DatabaseError:
    return DatabaseError(
        "database-address",
        f"データベースの指定 {where} を読み取れません。"
        "sqlite:///var/hagukumi.db または postgresql+psycopg://… の形でご指定ください。",
        f"Cannot read the database address {where}. Write sqlite:///var/hagukumi.db or postgresql+psycopg://…",
    )


def busy() -> DatabaseError:
    return DatabaseError(
        "database-busy",
        "ほかの処理がデータベースへ書き込み中です。少し待ってから、もう一度お試しください。今回の変更は保存されていません。",
        "Another process is writing to the database. Wait a little and try again; nothing of this was stored.",
    )


def newer(found: str) -> DatabaseError:
    return DatabaseError(
        "database-newer",
        f"データベースはこのプログラムより新しい版（{found}）です。プログラムを更新してください。",
        f"The database is of a newer version ({found}) than this program. Update the program.",
    )
