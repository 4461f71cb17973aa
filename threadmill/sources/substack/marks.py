"""The words of Substack's page furniture in English, Spanish and Chinese, as patterns of whole lines."""

CUT = "\ufdd0"
"""A Unicode noncharacter, which no text may hold, where one written line is cut into pieces."""
FOLD = "\ufdd1"
"""Another, for a line break inside a link."""

MONTH = (
    r"(?:[Jj]an|[Ff]e[bv]|[Ff]évr|[Mm]ar|[Mm]är|[Aa]pr|[Aa]br|[Aa]vr|[Mm]a[iygj]|[Jj]u[nlií]|[Jj]uin"
    r"|[Gg]iu|[Ll]ug|[Aa]ug|[Aa]go|[Aa]oû|[Ss]ep|[Ss]et|[Oo][ck]t|[Oo]ut|[Oo]tt|[Nn]ov|[Dd]e[czs]"
    r"|[Dd]éc|[Dd]ic|[Ee]ne|[Gg]en)[a-zß-öø-ÿ]*\.?"
)
_UNIT = r"(?:s|m|min|mins|h|hr|hrs|d|w|mo|y|días?|horas?|sem|meses|mes|años?)"
DATE = (
    rf"(?:{MONTH} \d{{1,2}}(?:, \d{{4}})?"
    rf"|\d{{1,2}}\.? (?:de )?{MONTH}(?:,? (?:de )?\d{{4}})?"
    r"|(?:\d{4} ?年 ?)?\d{1,2} ?月 ?\d{1,2} ?日"
    r"|\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
    rf"|(?:[Hh]ace )?\d+ ?{_UNIT}(?: ago)?"
    r"|\d+ ?(?:秒|分钟|小时|天|周|个月|年)前?|[Jj]ust now|刚刚)"
)
EDITED_WORD = r"(?:[Ee]dited|[Ee]ditado|已编辑)"
EDITED = rf"(?:\s?·?\s?\(?{EDITED_WORD}(?: {DATE})?\)?)"
LIKED = r"(?:Liked by|Le gusta a|Le gustó a|作者赞过|点赞者：?|被赞：?)"
BADGE = (
    r"(?:Author|Pinned|Pinned by [^\n]+|Subscriber|Paid subscriber|Free subscriber|Founding member"
    r"|Paid|Founding|Autora?|Fijado|Suscriptora?|作者|置顶|已置顶|订阅者)"
)
TOMBSTONE = (
    r"(?:Comment (?:deleted|removed)|(?:Comment )?[Rr]emoved \([^()\n]+\)|Deleted comment"
    r"|This comment (?:has been|was) (?:deleted|removed)\.?|User was (?:indefinitely )?(?:banned|suspended)[^\n]*"
    r"|Comentario (?:eliminado|borrado)|评论已(?:被)?(?:删除|移除))"
)
TERMINATOR = (
    r"(?:Expand full comment|(?:Expandir|Mostrar|Ver) (?:el )?comentario completo|展开(?:完整|全部)评论"
    r"|查看完整评论)"
)
LIKE = r"(?:(?:Like|Liked|Likes|Me gusta|[点點]?[赞讚]|喜欢)(?: ?[(（](?P<likes>\d[\d.,]*[KkMm]?)[)）])?)"
REPLY = r"(?:Reply|Responder|Contestar|回复|回覆)"
SHARE = r"(?:Share|Compartir|分享)"
ACTIONS = rf"(?:(?P<like>{LIKE})?\s*(?P<reply>{REPLY})?\s*(?P<share>{SHARE})?)"
NUMBER = r"\d[\d.,]*"
COLLAPSED_EARLY = (
    rf"(?P<hidden>{NUMBER}) (?:replies|reply|respuestas?)(?: (?:by|from|de|por) "
    r"(?P<by>[^\n]+?)(?P<others> (?:and|y) (?:\d+ )?(?:others?|otros|más))?)?"
)
COLLAPSED = (
    rf"(?:{COLLAPSED_EARLY}"
    rf"|(?:(?P<by_zh>[^\n]+?)(?P<others_zh> ?等(?:人)?)?的 ?)?(?P<hidden_zh>{NUMBER}) ?条回复)"
)
MORE = (
    rf"(?:(?P<more>{NUMBER}) (?:more comments?|comentarios? más)(?:\.\.\.|…)?"
    rf"|(?:还有|另有|其他) ?(?P<more_zh>{NUMBER}) ?条评论(?:\.\.\.|…)?)"
)
HEADING = (
    r"(?:Discussion about this (?:post|episode|video|podcast|note)"
    r"|(?:Discusión|Debate|Conversación) sobre (?:esta publicación|este post|este episodio)"
    r"|关于(?:此|这篇|本)(?:帖子?|文章?)的讨论|(?:此|这篇|本)(?:帖子?|文章?)的讨论)"
)
CLOSED = (
    r"(?:Comment(?:s|ing) (?:has been|have been|are|is) (?:turned off|disabled|closed)[^\n]*"
    r"|Los comentarios (?:están|se han) (?:desactivados?|cerrados?)[^\n]*|评论(?:功能)?已关闭[^\n]*)"
)
DECLARED = rf"(?P<declared>{NUMBER}) ?(?:[Cc]omments?|[Cc]omentarios?|条评论)"
PAGE_EARLY = (
    rf"(?:{DECLARED}|{HEADING}|{CLOSED}|(?:Comments?|Comentarios?) ?Restacks?|评论 ?转发"
    r"|(?:Comments?|Restacks?|Comentarios|评论|转发)"
    r"|Top|Latest|Discussions|TopLatest(?:Discussions)?|Top first|New(?:est)? first|Oldest first|New|Chronological"
    r"|Previous|Next|PreviousNext|\d[\d.,]* (?:Likes?|Restacks?) ?[∙·]?|[∙·]"
    r"|No comments(?: yet)?\.?|Be the first to comment\.?"
    r"|Sin comentarios|还没有评论|Log in|Sign in"
    r"|(?:Write|Leave|Add) a comment(?:\.\.\.|…)?|Escrib[ei]r? un comentario(?:\.\.\.|…)?|写(?:一?条)?评论(?:\.\.\.|…)?"
    r"|Load more(?: comments)?|Ready for more\?|No posts|See all|Subscribe|SubscribeSign in|Suscribirse|订阅"
    r"|¿Quieres más\?|Sin publicaciones|没有帖子|© ?\d{4}.*|Start (?:writing|your Substack)[^\n]*|Get the app"
    r"|Privacy ?[∙·] ?Terms.*)"
)
PAGE = rf"(?:{PAGE_EARLY}|.*Substack(?:\]\([^)]*\))? ?is the home for great culture)"
_SITE = r"\]\(https?://(?:www\.)?substack\.com"
FOOTER_LINKS = (
    rf"(?:(?:\[ ?Start your Substack ?{_SITE}/signup[^\s()]*\)|\[ ?Get the app ?{_SITE}/app[^\s()]*\))+"
    rf"|(?:Substack ?[∙·] ?)?\[Privacy{_SITE}/privacy[^\s()]*\)[^\n]*)"
)
"""The page's foot as markdown."""
TAIL = (
    r"(?:TopLatest(?:Discussions)?|Top|Ready for more\?|No posts|See all|¿Quieres más\?|Sin publicaciones|没有帖子"
    rf"|© ?\d{{4}}.*|{FOOTER_LINKS})"
)
"""What opens the page's end, once no comment follows."""

AVATAR_OF = r"['’]s (?:avatar|profile picture)"
AVATAR = rf"(?:.*\S ?{AVATAR_OF}|Avatar de \S.*|.*\S ?的头像)"
NAME_OF = rf" ?{AVATAR_OF}$|^Avatar de | ?的头像$"
"""What is left of an avatar line without this is the name."""
COMPOSER = rf"(?:User ?{AVATAR_OF}|Avatar de Usuario|用户 ?的头像)"
META = rf"(?P<created>{DATE})?(?P<edited>{EDITED})?\s?·?\s?(?:{LIKED} ?(?P<liker>[^\n]+?))?"
WRITES = (
    rf"(?:Writes |Escribe )?[^\n]{{1,80}}(?:Substack|[Nn]ewsletter|[Bb]log|[Bb]oletín)\s?·?\s?(?P<created_glued>{DATE})"
    rf"(?P<edited_glued>{EDITED})?"
)
"""A publication's name glued before the date."""

LATE_WORDS = [
    "s avatar", "s profile picture", "Avatar de", "的头像", "Substack", "ewsletter", "blog", "Blog", "oletín", "条回复",
]  # fmt: skip
"""One of them is in each mark that may begin with anything."""

# Short forms for a look over a whole document: buttons and collapsed replies, without what varies.
ACTIONS_SAID = (
    r"(?:Like(?: \(\d[\d.,]*[KkMm]?\))?|Me gusta(?: \(\d+\))?|[点點]?[赞讚](?: ?[(（]\d+[)）])?|Reply|Share|ReplyShare"
    r"|LikeReplyShare|Like \(\d+\)ReplyShare|Responder|Compartir|ResponderCompartir|回复|分享|回复分享)"
)
COLLAPSED_SAID = r"\d+ (?:replies|reply|respuestas?)(?: (?:by|de) .+)?|.*\d+ ?条回复"
