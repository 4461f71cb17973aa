"""Answers of YouTube's API with comments, small and by hand: ids and addresses of replies as YouTube makes them."""

import json


def write_answer(path, top, *replies, video="videoAAAAAA"):
    """Write a comment and its replies to `path`, given as id, author and text; a reply's id begins with its top's."""

    def said(own, author, text, **more):
        return {
            "kind": "youtube#comment",
            "id": own,
            "snippet": {
                "videoId": video,
                "textOriginal": text,
                "authorDisplayName": author,
                "authorChannelId": {"value": f"UC{author.strip('@')}"},
                "likeCount": 0,
                "publishedAt": "2024-01-01T00:00:00Z",
                "updatedAt": "2024-01-01T00:00:00Z",
                **more,
            },
        }

    first = said(*top)
    item = {
        "kind": "youtube#commentThread",
        "id": top[0],
        "snippet": {"videoId": video, "topLevelComment": first, "totalReplyCount": len(replies)},
        "replies": {"comments": [said(*one, parentId=top[0]) for one in replies]},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"kind": "youtube#commentThreadListResponse", "items": [item]}))
